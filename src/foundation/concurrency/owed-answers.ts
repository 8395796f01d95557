/** What answers questions, and keeps the process alive until `unref`: a thread. */
export interface Answering {
  ref(): void;
  unref(): void;
}

/** A question that waits for its answer. */
export interface OwedAnswer<Answer, Note> {
  /** What was kept beside the question. */
  readonly note: Note;
  resolve(answer: Answer): void;
  reject(error: Error): void;
}

/**
 * The questions that a thread has not answered yet, by number. Answers come in any order; each finds its question. The thread
 * keeps the process alive only while it owes an answer; in a page there is nothing to keep alive.
 */
export class OwedAnswers<Answer, Note = undefined> {
  readonly #thread: Answering | undefined;
  readonly #owed = new Map<number, OwedAnswer<Answer, Note>>();
  #asked = 0;
  #ended: Error | undefined;

  constructor(thread?: Answering) {
    this.#thread = thread;
    thread?.unref();
  }

  /** How many questions wait. */
  get size(): number {
    return this.#owed.size;
  }

  /**
   * Asks a question, which `send` passes on by its number.
   *
   * @throws as `send` or the answer does; once `fail` has been called, its error.
   */
  ask(note: Note, send: (id: number) => void): Promise<Answer> {
    return new Promise((resolve, reject) => {
      if (this.#ended !== undefined) throw this.#ended;
      const id = this.#asked++;
      send(id);
      this.#owed.set(id, { note, resolve, reject });
      this.#thread?.ref();
    });
  }

  /** The note of a question that waits on; undefined if it waits no longer. */
  noteOf(id: number): Note | undefined {
    return this.#owed.get(id)?.note;
  }

  /** Takes a question out, for which the answer has come; undefined if it waits no longer: `fail` has ended it. */
  take(id: number): OwedAnswer<Answer, Note> | undefined {
    const owed = this.#owed.get(id);
    // An answer that comes too late must not let the process end before its thread has.
    if (owed === undefined) return undefined;
    this.#owed.delete(id);
    if (this.#owed.size === 0) this.#thread?.unref();
    return owed;
  }

  /** Ends all questions that wait with an error, and all later ones: the first error counts. */
  fail(error: Error): void {
    this.#ended ??= error;
    for (const { reject } of this.#owed.values()) reject(this.#ended);
    this.#owed.clear();
  }
}
