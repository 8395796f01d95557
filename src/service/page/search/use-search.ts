import { useEffect, useRef, useState } from 'preact/hooks';
import type { Found } from '../alike-text.ts';
import { queriesOf } from '../example.ts';
import { type SearchService, useSearchService } from '../search-service.ts';
import { conditionOf, type PageSearch } from './page-search.ts';

/** Images that are fetched at a time. */
const pageLength = 48;

/** What came of a search. */
export interface SearchOutcome {
  readonly images: readonly Found[];
  readonly isWorking: boolean;
  readonly problem: Error | undefined;
  /** Fetches the next page; undefined where there is none. */
  readonly more: (() => void) | undefined;
}

/** What a search finds; what is found stays until the next has come. */
export function useSearch(search: PageSearch): SearchOutcome {
  const [images, setImages] = useState<readonly Found[]>([]);
  const [isWorking, setWorking] = useState(false);
  const [answered, setAnswered] = useState<PageSearch>();
  const [isWhole, setWhole] = useState(true);
  const [problem, setProblem] = useState<Error>();
  const asked = useRef(0);
  const service = useSearchService();
  const fetchFrom = (offset: number) => {
    const number = ++asked.current;
    setWorking(true);
    found(service, search, offset).then(
      (page) => {
        if (number !== asked.current) return;
        setWorking(false);
        setAnswered(search);
        setProblem(undefined);
        setWhole(page.length < pageLength);
        setImages((before) => (offset === 0 ? page : [...before, ...page]));
      },
      (error: Error) => {
        if (number !== asked.current) return;
        setWorking(false);
        setAnswered(search);
        setProblem(error);
      },
    );
  };
  useEffect(() => {
    if (search.query === undefined) {
      asked.current++;
      setImages([]);
      setProblem(undefined);
      setWorking(false);
      setAnswered(search);
    } else fetchFrom(0);
  }, [search]);
  // Between a new search and its request there is a turn in which what is there is not its answer.
  const isBusy = isWorking || (search.query !== undefined && answered !== search);
  return { images, isWorking: isBusy, problem, more: isWhole || isBusy ? undefined : () => fetchFrom(images.length) };
}

async function found(service: SearchService, search: PageSearch, offset: number): Promise<readonly Found[]> {
  const { query, like, unlike } = search;
  const examples = { like: like.flatMap(queriesOf), unlike: unlike.flatMap(queriesOf) };
  const options = { k: pageLength, offset, where: conditionOf(search) };
  const answer = await service.search(query === undefined ? [] : queriesOf(query), { ...options, ...examples });
  return answer.images;
}
