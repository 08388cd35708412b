/** The platform's times: `yyyy-MM-dd HH:mm:ss`, always GMT+8, to the second. */
const OFFSET_MS = 8 * 3600 * 1000;
const SHAPE = /^(\d{4})-(\d{2})-(\d{2}) (\d{2}):(\d{2}):(\d{2})$/;

/** An instant as the platform writes it; parts of a second are dropped. */
export function platformTime(instant: Date): string {
  return new Date(instant.getTime() + OFFSET_MS).toISOString().slice(0, 19).replace('T', ' ');
}

/** Reads a time; null for what is none, days that no calendar holds (02-31) included. */
export function readPlatformTime(text: string): Date | null {
  const parts = SHAPE.exec(text);
  if (!parts) return null;
  const [year, month, day, hour, minute, second] = parts.slice(1).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const utc = Date.UTC(year, month - 1, day, hour, minute, second);
  return new Date(utc).toISOString().startsWith(`${text.slice(0, 10)}T${text.slice(11)}`)
    ? new Date(utc - OFFSET_MS)
    : null;
}
