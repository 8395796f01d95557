import { useEffect, useRef, useState } from 'preact/hooks';

/** What the service says of work on the whole catalogue. */
export interface WorkState {
  readonly work: {
    readonly work: string;
    readonly unit: string;
    readonly done: number;
    readonly total: number | null;
  } | null;
  readonly refused: string | null;
}

/** How often the service is asked how far it is, in milliseconds. */
const between = 500;

/** What is known of work on the whole catalogue, and what takes an answer of the service. */
export interface CatalogueWork<State> {
  readonly state: State | Error | undefined;
  /** Whether an answer is awaited: what is known is of before. */
  readonly isAsking: boolean;
  readonly take: (answer: Promise<State>) => void;
}

/** Asks how work on the whole catalogue stands, again and again while it is under way. */
export function useCatalogueWork<State extends WorkState>(look: () => Promise<State>): CatalogueWork<State> {
  const [state, setState] = useState<State | Error>();
  const [isAsking, setIsAsking] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const asked = useRef(0);
  const take = (answer: Promise<State>) => {
    const number = ++asked.current;
    clearTimeout(timer.current);
    setIsAsking(true);
    const told = (next: State | Error) => {
      if (number !== asked.current) return;
      setState(next);
      setIsAsking(false);
      if (!(next instanceof Error) && next.work !== null) timer.current = setTimeout(() => take(look()), between);
    };
    answer.then(told, told);
  };
  useEffect(() => {
    take(look());
    return () => {
      asked.current++;
      clearTimeout(timer.current);
    };
  }, []);
  return { state, isAsking, take };
}
