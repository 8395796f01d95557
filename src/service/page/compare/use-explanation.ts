import { useEffect, useRef, useState } from 'preact/hooks';
import type { ServiceExplanation } from '../../protocol/answers.ts';
import { type Example, queryOf } from '../example.ts';
import { useSearchService } from '../search-service.ts';

/** What makes two pictures alike, once somebody has asked for it. */
export interface ExplanationAsked {
  /** Undefined before, and while it is worked on. */
  readonly found: ServiceExplanation | Error | undefined;
  readonly isWorking: boolean;
  /** Undefined where nobody can say it. */
  readonly ask: (() => void) | undefined;
}

/** Asks what makes two pictures alike, when it is told to. */
export function useExplanation(first: Example, second: Example): ExplanationAsked {
  const [found, setFound] = useState<ServiceExplanation | Error>();
  const [isWorking, setWorking] = useState(false);
  const asked = useRef(0);
  const { explain } = useSearchService();
  useEffect(() => {
    asked.current++;
    setFound(undefined);
    setWorking(false);
  }, [first, second]);
  if (explain === undefined) return { found, isWorking, ask: undefined };
  const ask = () => {
    const number = ++asked.current;
    const take = (answer: ServiceExplanation | Error) => {
      if (number !== asked.current) return;
      setWorking(false);
      setFound(answer);
    };
    setFound(undefined);
    setWorking(true);
    explain(queryOf(first), queryOf(second)).then(take, take);
  };
  return { found, isWorking, ask };
}
