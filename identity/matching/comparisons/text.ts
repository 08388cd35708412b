/** Text as it is compared: one width, one case, no marks above letters, single spaces; sounds of Han characters. */
import { pinyin } from 'pinyin-pro';

const MARKS = /\p{M}+/gu;
const HAN = /^[\p{Script=Han}·]+$/u;

/** Lower case without diacritics; anything but letters and digits becomes one space. */
export function plain(given: string): string {
  return given
    .normalize('NFKD')
    .replace(MARKS, '')
    .toLowerCase()
    .replace(/['’`]/g, '')
    .replace(/[^\p{L}\p{N}*·]+/gu, ' ')
    .trim();
}

export function isHan(text: string): boolean {
  return HAN.test(text);
}

const sounds = new Map<string, string>();
const SOUNDS_KEPT = 200_000;

/** Pinyin of a Han name without tones, surnames read as such (单 = shan); '' for anything else. */
export function soundOf(name: string): string {
  if (!isHan(name)) return '';
  const known = sounds.get(name);
  if (known !== undefined) return known;
  const sound = pinyin(name, { toneType: 'none', surname: 'head', v: true, type: 'array' }).join(' ');
  if (sounds.size >= SOUNDS_KEPT) sounds.clear();
  sounds.set(name, sound);
  return sound;
}
