import { useMemo, useRef, useState } from 'preact/hooks';
import type { ServiceMapPoints } from '../../protocol/map.ts';
import type { Example } from '../example.ts';
import { Lasso } from './lasso.tsx';
import { MapLegend } from './map-legend.tsx';
import { MapSelection } from './map-selection.tsx';
import { MapThumbnails } from './map-thumbnails.tsx';
import { type Pixel, pointAt, pointsWithin, seenPoints, wholeView } from './map-view-port.ts';
import { pointColours } from './point-colours.ts';
import { useMapCanvas } from './use-map-canvas.ts';
import { viewAfterKey } from './view-after-key.ts';

/** The points of a map, and what is done with those that are chosen. */
export interface CatalogueMapProps {
  readonly points: ServiceMapPoints;
  readonly onSearch: (example: Example) => void;
}

const nothing: ReadonlySet<number> = new Set();
/** Pixels by which a click may miss a point, and a drag that is none. */
const [near, still] = [12, 4];

/** The catalogue in the plane: moved, zoomed, and selected from, by mouse, finger or keys. */
export function CatalogueMap({ points, onSearch }: CatalogueMapProps) {
  const { ids, classes, classOf } = points;
  const [selected, setSelected] = useState(nothing);
  const [hasLasso, setLasso] = useState(false);
  const places = useMemo(() => placesOf(points), [points]);
  const colours = useMemo(() => pointColours(classOf, selected), [classOf, selected]);
  const drawn = useMemo(() => ({ places, colours, radius: radiusFor(ids.length) }), [places, colours]);
  const { place, view, size, look, fault } = useMapCanvas(drawn);
  const selectedIds = useMemo(() => [...selected].map((point) => ids[point]), [selected, ids]);
  const select = (chosen: readonly number[]) => setSelected(new Set(chosen));
  const clicked = useClick(([x, y]) => {
    const point = pointAt(places, [x, y], view, size, near);
    if (point !== undefined) select([point]);
  });
  const selectSeen = () => select(seenPoints(places, view, size));
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (viewAfterKey(event.key, view, size) !== undefined) {
      look((current) => viewAfterKey(event.key, current, size) ?? current);
    } else if (event.key === 'Enter') selectSeen();
    else if (event.key === 'Escape') select([]);
    else return;
    event.preventDefault();
  };
  return (
    <>
      <p class="buttons map-tools">
        <button type="button" aria-pressed={hasLasso} onClick={() => setLasso(!hasLasso)}>
          Lasso
        </button>
        <button type="button" onClick={selectSeen}>
          Select what is in sight
        </button>
        <button type="button" onClick={() => look(() => wholeView(size))}>
          Show all
        </button>
        <MapLegend classes={classes} onSelect={(name) => select(pointsOfClass(points, name))} />
      </p>
      {fault !== undefined && (
        <p class="problem" role="alert">
          The map cannot be drawn: {fault}. Images can be selected by their class.
        </p>
      )}
      <div
        class="map"
        role="application"
        aria-label={`Map of ${ids.length.toLocaleString('en')} pictures`}
        aria-describedby="map-keys"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it is moved by keys.
        tabIndex={0}
        onKeyDown={onKeyDown}
        {...clicked}
      >
        <div ref={place} class="canvas" />
        <MapThumbnails ids={ids} places={places} view={view} size={size} />
        {hasLasso && <Lasso onDone={(line) => select(pointsWithin(places, line, view, size))} />}
      </div>
      <p id="map-keys" class="quiet">
        Arrow keys move, plus and minus zoom, 0 shows all, Enter selects what is in sight, Escape selects nothing. What
        lies together looks alike; how far apart islands lie says little.
      </p>
      <MapSelection ids={selectedIds} onSearch={onSearch} onClear={() => select([])} />
    </>
  );
}

/** Clicks that are no drags. */
function useClick(onClick: (pixel: Pixel) => void) {
  const began = useRef<Pixel | undefined>(undefined);
  const placeOf = (event: PointerEvent): Pixel => {
    const { left, top } = (event.currentTarget as Element).getBoundingClientRect();
    return [event.clientX - left, event.clientY - top];
  };
  return {
    onPointerDown: (event: PointerEvent) => {
      began.current = placeOf(event);
    },
    onPointerUp: (event: PointerEvent) => {
      const [x, y] = placeOf(event);
      const { current: from } = began;
      if (from !== undefined && Math.hypot(x - from[0], y - from[1]) < still) onClick([x, y]);
    },
  };
}

function placesOf({ x, y }: ServiceMapPoints): Float32Array {
  return Float32Array.from({ length: 2 * x.length }, (_, at) => (at % 2 === 0 ? x : y)[Math.floor(at / 2)]);
}

function pointsOfClass({ classes, classOf }: ServiceMapPoints, name: string): number[] {
  const place = classes.indexOf(name);
  return classOf.flatMap((of, point) => (of === place ? [point] : []));
}

/** Small where there are many. */
function radiusFor(points: number): number {
  return Math.max(1.5, Math.min(5, 5 - Math.log10(Math.max(1, points / 100))));
}
