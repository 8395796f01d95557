import { useRef, useState } from 'preact/hooks';
import type { AloneProgress } from './worker/protocol.ts';

/** Work that goes on in the worker. */
export interface GoingWork {
  /** What is done, and how much of it; undefined before that is known. */
  readonly progress: Extract<AloneProgress, { readonly kind: 'work' }> | undefined;
  /** Milliseconds since the page was opened when this part began, and how much had been done then. */
  readonly begun: number;
  readonly stop: () => void;
}

/** What is known of the page's work. */
export interface PageWork {
  /** Undefined where nothing is under way. */
  readonly going: GoingWork | undefined;
  /** Why the last work ended without its result. */
  readonly problem: Error | undefined;
  /** Does one piece of work after what was said of the one before is forgotten. @returns undefined if it failed or was stopped. */
  run<Result>(
    task: (heard: {
      readonly signal: AbortSignal;
      readonly onProgress: (progress: AloneProgress) => void;
    }) => Promise<Result>,
    onProgress?: (progress: AloneProgress) => void,
  ): Promise<Result | undefined>;
}

/** Work in the worker, one piece at a time. */
export function useWork(): PageWork {
  const [going, setGoing] = useState<GoingWork>();
  const [problem, setProblem] = useState<Error>();
  const number = useRef(0);
  const run: PageWork['run'] = async (task, onProgress) => {
    const own = ++number.current;
    const controller = new AbortController();
    const stop = () => controller.abort();
    setProblem(undefined);
    setGoing({ progress: undefined, begun: performance.now(), stop });
    const heard = (progress: AloneProgress) => {
      onProgress?.(progress);
      if (progress.kind !== 'work' || own !== number.current) return;
      setGoing((before) => {
        const isNew = before?.progress?.work !== progress.work;
        return { progress, stop, begun: isNew ? performance.now() : before.begun };
      });
    };
    try {
      return await task({ signal: controller.signal, onProgress: heard });
    } catch (error) {
      if (!controller.signal.aborted) setProblem(error instanceof Error ? error : new TypeError(String(error)));
      return undefined;
    } finally {
      if (own === number.current) setGoing(undefined);
    }
  };
  return { going, problem, run };
}
