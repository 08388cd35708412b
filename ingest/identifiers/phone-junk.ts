/** Phones that were typed to fill a field, in clear and as the hashes other systems made of them. */
import { createHash } from 'node:crypto';

/** Lines the rules below do not catch: China Mobile's top-up line, the commonest junk phone of all. */
const KNOWN_LINES = new Set(['13800138000']);

/** What else was found hashed in phone columns: words for nothing and service lines. */
const HASHED_WORDS = [
  '',
  '0',
  'null',
  'NULL',
  'undefined',
  'none',
  'None',
  '无',
  '-',
  '10000',
  '10010',
  '10086',
  '95555',
];

const TELLING = 8;
const MOBILE_LENGTH = 11;

/** How often the commonest digit stands in `digits` when it makes up more than half of them, else a lower bound (majority vote). */
function majorityCount(digits: string): number {
  let candidate = 0;
  let votes = 0;
  for (let i = 0; i < digits.length; i++) {
    const digit = digits.charCodeAt(i);
    if (votes === 0) candidate = digit;
    votes += digit === candidate ? 1 : -1;
  }
  let count = 0;
  for (let i = 0; i < digits.length; i++) if (digits.charCodeAt(i) === candidate) count++;
  return count;
}

/** The longest stretch that goes up or down by one, 9 and 0 being neighbours (`12345678`, `98765432`, `78901234`). */
function longestSequence(digits: string): number {
  let longest = 1;
  let run = 1;
  let lastStep = 0;
  for (let i = 1; i < digits.length; i++) {
    const step = (digits.charCodeAt(i) - digits.charCodeAt(i - 1) + 10) % 10;
    const counts = step === 1 || step === 9;
    run = counts ? (step === lastStep ? run + 1 : 2) : 1;
    lastStep = step;
    if (run > longest) longest = run;
  }
  return longest;
}

/**
 * True for digits nobody owns: eight or more equal ones, a sequence of eight or more, all equal, or a known line.
 * A handful of real vanity numbers is refused with them: they lose one way of being joined, nothing else.
 */
export function isJunkDigits(digits: string): boolean {
  const equal = majorityCount(digits);
  return equal >= TELLING || equal === digits.length || longestSequence(digits) >= TELLING || KNOWN_LINES.has(digits);
}

/** Mobiles in which one digit stands at least eight times: for each digit, all ways to place at most three others. */
function repeatedMobiles(): string[] {
  const found: string[] = [];
  const grow = (digit: string, start: string, others: number): void => {
    if (others > MOBILE_LENGTH - TELLING) return;
    if (start.length === MOBILE_LENGTH) {
      found.push(start);
      return;
    }
    for (const next of start.length === 1 ? '3456789' : '0123456789') {
      grow(digit, start + next, others + (next === digit ? 0 : 1));
    }
  };
  for (const digit of '0123456789') grow(digit, '1', digit === '1' ? 0 : 1);
  return found;
}

/** Mobiles with a sequence of eight: each sequence at each place, with all digits around it. */
function sequenceMobiles(): string[] {
  const free = MOBILE_LENGTH - TELLING;
  const found: string[] = [];
  for (const step of [1, 9]) {
    for (let first = 0; first <= 9; first++) {
      const sequence = Array.from({ length: TELLING }, (_, i) => (first + step * i) % 10).join('');
      for (let around = 0; around < 10 ** free; around++) {
        const others = String(around).padStart(free, '0');
        for (let at = 0; at <= free; at++) found.push(others.slice(0, at) + sequence + others.slice(at));
      }
    }
  }
  return found.filter((digits) => /^1[3-9]/.test(digits));
}

/** Every mobile number that `isJunkDigits` refuses, some fifty thousand: what a hash can be compared with. */
export function junkMobiles(): ReadonlySet<string> {
  return new Set([...repeatedMobiles(), ...sequenceMobiles(), ...KNOWN_LINES]);
}

const junkHashes = new Map<'md5' | 'sha256', ReadonlySet<string>>();

/** True when `hex` (lower case) is the hash of a junk phone or of a word for nothing. The table is made at the first call. */
export function isJunkPhoneHash(algorithm: 'md5' | 'sha256', hex: string): boolean {
  let hashes = junkHashes.get(algorithm);
  if (!hashes) {
    const repeated = Array.from('0123456789', (digit) => digit.repeat(MOBILE_LENGTH));
    const junk = [...junkMobiles(), ...repeated, '12345678901', ...HASHED_WORDS];
    hashes = new Set(junk.map((text) => createHash(algorithm).update(text).digest('hex')));
    junkHashes.set(algorithm, hashes);
  }
  return hashes.has(hex);
}
