import { useEffect, useState } from 'preact/hooks';
import type { ServiceRunLog, ServiceRuns } from '../../protocol/runs.ts';
import { service } from '../service.ts';

/** How often the service is asked, in milliseconds: for the list, and for the course of a run. */
const [betweenLists, betweenParts] = [5000, 2000];

/** A run, as the service lists it. */
export type Run = ServiceRuns['runs'][number];

/** The course of a run so far. */
export type RunCourse = Pick<ServiceRunLog, 'steps' | 'evaluations'>;

const nothing: RunCourse = { steps: [], evaluations: [] };

/** The runs, asked for again and again. */
export function useRuns(): readonly Run[] | Error | undefined {
  const [runs, setRuns] = useState<readonly Run[] | Error>();
  useEffect(
    () =>
      again(betweenLists, async () => {
        setRuns(await service.runs().then((answer) => answer.runs, asError));
        return true;
      }),
    [],
  );
  return runs;
}

/** The course of a run, part by part, as long as it goes on. */
export function useCourse(name: string, goesOn: boolean): RunCourse | Error {
  const [course, setCourse] = useState<RunCourse | Error>(nothing);
  useEffect(() => {
    let known = nothing;
    let after = 0;
    return again(betweenParts, async () => {
      for (;;) {
        const part = await service.runLog(name, after).catch(asError);
        if (part instanceof Error) {
          setCourse(part);
          return goesOn;
        }
        const before = part.next < after ? nothing : known;
        known = {
          steps: [...before.steps, ...part.steps],
          evaluations: [...before.evaluations, ...part.evaluations],
        };
        after = part.next;
        setCourse(known);
        if (part.isWhole) return goesOn;
      }
    });
  }, [name, goesOn]);
  return course;
}

function asError(error: Error): Error {
  return error;
}

/** Does work now and, as long as it says so, some time after each. @returns what ends that. */
function again(milliseconds: number, work: () => Promise<boolean>): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isOver = false;
  const once = async () => {
    const goesOn = await work();
    if (goesOn && !isOver) timer = setTimeout(once, milliseconds);
  };
  void once();
  return () => {
    isOver = true;
    clearTimeout(timer);
  };
}
