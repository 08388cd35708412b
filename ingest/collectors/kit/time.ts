/** The platform's times: `yyyy-MM-dd HH:mm:ss`, always GMT+8, to the second. */
const OFFSET_MS = 8 * 3600 * 1000;
const SHAPE = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/;

/** An instant as the platform writes it; parts of a second are dropped. */
export function platformTime(instant: Date): string {
  return new Date(instant.getTime() + OFFSET_MS).toISOString().slice(0, 19).replace('T', ' ');
}

/** Reads a time; null for what is none, days that no calendar holds (02-31) included. */
export function readPlatformTime(text: string): Date | null {
  if (!SHAPE.test(text)) return null;
  const year = numberAt(text, 0) * 100 + numberAt(text, 2);
  const [month, day] = [numberAt(text, 5), numberAt(text, 8)];
  const [hour, minute, second] = [numberAt(text, 11), numberAt(text, 14), numberAt(text, 17)];
  const read = new Date(Date.UTC(year, month - 1, day, hour, minute, second));
  // What overflows (day 31 of February, hour 24) comes out as another day or month; years before 100 as another year.
  const exists = read.getUTCDate() === day && read.getUTCMonth() === month - 1 && read.getUTCFullYear() === year;
  return exists && minute < 60 && second < 60 ? new Date(read.getTime() - OFFSET_MS) : null;
}

/** The two digits at a place. */
function numberAt(text: string, at: number): number {
  return (text.charCodeAt(at) - 48) * 10 + text.charCodeAt(at + 1) - 48;
}
