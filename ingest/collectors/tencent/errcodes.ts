/** Errors of WeChat and WeCom by what happens next, from a table of the platform's codes. */
import { SourceFault } from '../collector.ts';
import { CallFailure, type Outcome } from '../kit/call-failure.ts';

export interface KnownErrcodes {
  readonly codes: readonly number[];
  readonly kind: 'reauthorise' | 'misconfigured';
  readonly advice: string;
}

export interface Errcodes {
  /** What an `errcode` asks for. */
  outcomeOf(errcode: number, now: Date): Outcome;
  /** The code of a refusal that is about the one object that was asked for; null for all other faults. */
  codeOfObject(error: unknown): number | null;
}

const BUSY = -1;
const REFUSED =
  'The platform refuses this call as it stands; calling again does not help. Look the code up in 全局返回码 / 全局错误码 of the platform’s documentation.';

/** `known`: codes that are about the app and its rights. `bannedSeconds`: for how long a limit of calls lasts; null = no such limit. */
export function errcodesOf(of: {
  known: readonly KnownErrcodes[];
  bannedSeconds: (errcode: number, now: Date) => number | null;
}): Errcodes {
  const find = (errcode: number) => of.known.find(({ codes }) => codes.includes(errcode));
  return {
    outcomeOf(errcode, now) {
      if (errcode === BUSY) return { next: 'again' };
      const seconds = of.bannedSeconds(errcode, now);
      if (seconds !== null) return { next: 'banned', seconds };
      const { kind, advice } = find(errcode) ?? { kind: 'misconfigured', advice: REFUSED };
      return { next: 'stop', kind, advice };
    },
    codeOfObject(error) {
      if (!(error instanceof SourceFault) || error.kind === 'later') return null;
      const code = error.cause instanceof CallFailure ? Number(error.cause.subCode || Number.NaN) : Number.NaN;
      return Number.isNaN(code) || find(code) ? null : code;
    },
  };
}
