import { useEffect, useRef, useState } from 'preact/hooks';
import type { Found } from '../alike-text.ts';
import { type ResultActions, ResultCard } from './result-card.tsx';

/** Images that were found. */
export interface ResultsGridProps extends ResultActions {
  readonly images: readonly Found[];
  /** Undefined where there are no more. */
  readonly onMore: (() => void) | undefined;
}

/**
 * Found images, nearest first. The keyboard goes through them by arrows, Home and End; on one of them Enter searches from it, and
 * l, u and c are more like this, less like this and compare.
 */
export function ResultsGrid({ images, onMore, ...actions }: ResultsGridProps) {
  const [current, setCurrent] = useState(0);
  const list = useRef<HTMLUListElement>(null);
  const [first] = images;
  useEffect(() => setCurrent(0), [first]);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const place = [...(list.current?.children ?? [])].findIndex((card) => card.contains(event.target as Node));
    const letter = letterAction(event.key, actions, images[place]);
    const next =
      letter === undefined ? placeAfter(event.key, place, images.length, columnsOf(list.current)) : undefined;
    if (letter === undefined && next === undefined) return;
    event.preventDefault();
    letter?.();
    if (next === undefined) return;
    setCurrent(next);
    list.current?.querySelectorAll<HTMLElement>('.open')[next]?.focus();
  };
  return (
    <>
      <ul class="results" ref={list} onKeyDown={onKeyDown}>
        {images.map((found, place) => (
          <ResultCard
            key={found.id}
            found={found}
            isCurrent={place === current}
            onFocus={() => setCurrent(place)}
            {...actions}
          />
        ))}
      </ul>
      {onMore !== undefined && (
        <p class="more">
          <button type="button" onClick={onMore}>
            Show more
          </button>
        </p>
      )}
    </>
  );
}

function letterAction(key: string, actions: ResultActions, found: Found | undefined): (() => void) | undefined {
  if (found === undefined) return undefined;
  const example = { kind: 'stored', id: found.id } as const;
  switch (key) {
    case 'l':
      return () => actions.onLike(example);
    case 'u':
      return () => actions.onUnlike(example);
    case 'c':
      return () => actions.onCompare(found);
    default:
      return undefined;
  }
}

/** The place that a key leads to; undefined if it is none of these keys. */
function placeAfter(key: string, place: number, count: number, columns: number): number | undefined {
  const steps: Readonly<Record<string, number>> = {
    ArrowRight: 1,
    ArrowLeft: -1,
    ArrowDown: columns,
    ArrowUp: -columns,
    Home: -place,
    End: count - 1 - place,
  };
  const step = steps[key];
  if (step === undefined) return undefined;
  const next = place + step;
  return next < 0 || next >= count ? place : next;
}

function columnsOf(list: HTMLElement | null): number {
  const [first, ...others] = [...(list?.children ?? [])] as HTMLElement[];
  if (first === undefined) return 1;
  const below = others.findIndex(({ offsetTop }) => offsetTop > first.offsetTop);
  return below < 0 ? others.length + 1 : below + 1;
}
