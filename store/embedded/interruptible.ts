/**
 * Waiting that can be broken off. Promise.race would keep every value waited for alive as long as the promise that may
 * break it off, which for a stream is a leak of the stream.
 */
export class Interruptible<Reason> {
  #reason: Reason | undefined;
  #wake: ((reason: Reason) => void) | undefined;

  /** Breaks off the present wait and all later ones. Only the first reason counts. */
  interrupt(reason: Reason): void {
    this.#reason ??= reason;
    this.#wake?.(this.#reason);
  }

  /** What is waited for, or the reason of the interruption. One wait at a time. */
  wait<Value>(value: Promise<Value>): Promise<Value | Reason> {
    if (this.#reason !== undefined) {
      value.catch(() => {});
      return Promise.resolve(this.#reason);
    }
    return new Promise((done, fail) => {
      this.#wake = done;
      value.then(done, fail);
    });
  }
}
