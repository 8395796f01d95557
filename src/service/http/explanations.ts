import type { WorkKinds } from '../work/work-protocol.ts';
import type { WorkThread } from '../work/work-thread.ts';
import { Admission } from './load/admission.ts';

/** Explanations that are worked on or wait for it: one takes seconds of every core, and none may wait longer than it is answered in. */
const mostAtOnce = 4;

/** Explains pictures in a thread, one pair after the other. */
export class Explanations {
  readonly #thread: WorkThread;
  readonly #admission = new Admission(mostAtOnce);

  constructor(thread: WorkThread) {
    this.#thread = thread;
  }

  /** @throws RequestError `busy` if as many wait as may; ModelError if the model cannot be explained. */
  explain(pictures: WorkKinds['explain']['argument']): Promise<WorkKinds['explain']['result']> {
    return this.#admission.run(() => this.#thread.ask('explain', pictures));
  }

  /** Ends the thread. */
  close(): Promise<void> {
    return this.#thread.close();
  }

  /** Closes: `await using` does it at the end of a block. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
