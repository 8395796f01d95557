import { useEffect, useRef, useState } from 'preact/hooks';
import type { ServiceExplanation } from '../../protocol/answers.ts';
import { type Example, queryOf } from '../example.ts';
import { service } from '../service.ts';

/** What makes two pictures alike, once somebody has asked for it. */
export interface ExplanationAsked {
  /** Undefined before, and while it is worked on. */
  readonly found: ServiceExplanation | Error | undefined;
  readonly isWorking: boolean;
  readonly ask: () => void;
}

/** Asks what makes two pictures alike, when it is told to. */
export function useExplanation(first: Example, second: Example): ExplanationAsked {
  const [found, setFound] = useState<ServiceExplanation | Error>();
  const [isWorking, setWorking] = useState(false);
  const asked = useRef(0);
  useEffect(() => {
    asked.current++;
    setFound(undefined);
    setWorking(false);
  }, [first, second]);
  const ask = () => {
    const number = ++asked.current;
    const take = (answer: ServiceExplanation | Error) => {
      if (number !== asked.current) return;
      setWorking(false);
      setFound(answer);
    };
    setFound(undefined);
    setWorking(true);
    service.explain(queryOf(first), queryOf(second)).then(take, take);
  };
  return { found, isWorking, ask };
}
