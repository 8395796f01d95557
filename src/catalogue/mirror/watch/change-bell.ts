import { throwIfAborted } from '../../../foundation/errors/abort-error.ts';

/** Rung by whoever hears of a change, waited for by one task. */
export class ChangeBell {
  #rung = false;
  #wake: () => void = () => {};

  ring(): void {
    this.#rung = true;
    this.#wake();
  }

  /**
   * True as soon as the bell has been rung since it was last asked, false if it was not for so many milliseconds.
   *
   * @throws AbortError if the signal is aborted.
   */
  async rings(milliseconds: number, signal: AbortSignal | undefined): Promise<boolean> {
    throwIfAborted(signal);
    if (!this.#rung) await this.#pause(milliseconds, signal);
    throwIfAborted(signal);
    const rung = this.#rung;
    this.#rung = false;
    return rung;
  }

  #pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve) => {
      const end = () => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', end);
        resolve();
      };
      const timer = setTimeout(end, milliseconds);
      signal?.addEventListener('abort', end, { once: true });
      this.#wake = end;
    });
  }
}
