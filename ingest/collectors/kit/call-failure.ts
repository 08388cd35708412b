/** A call to a platform that failed, by what happens next. */
import type { SourceFault } from '../collector.ts';

/**
 * What a failed call asks for. `again` and `once` are tried again, `banned` after its seconds, `stop` never; `later` ends the
 * pull until the platform has done something that takes it some time.
 */
export type Outcome =
  | { readonly next: 'again' }
  | { readonly next: 'banned'; readonly seconds: number }
  | { readonly next: 'later'; readonly seconds: number; readonly advice: string }
  | { readonly next: 'once' | 'stop'; readonly kind: SourceFault['kind']; readonly advice: string };

/** A call that failed, by the platform's own word or on the way to it. */
export class CallFailure extends Error {
  readonly outcome: Outcome;
  readonly subCode: string;

  constructor(
    message: string,
    { outcome, subCode = '', cause }: { outcome: Outcome; subCode?: string; cause?: unknown },
  ) {
    super(message, { cause });
    this.name = 'CallFailure';
    this.outcome = outcome;
    this.subCode = subCode;
  }
}
