import { useEffect, useState } from 'preact/hooks';
import { thumbnailUrl } from '../service.ts';
import { type MapSize, type MapView, pixelOf, pointsWithRoom, seenPoints } from './map-view-port.ts';

/** Points, what is looked at, and how large it is. */
export interface MapThumbnailsProps {
  readonly ids: readonly string[];
  readonly places: Float32Array;
  readonly view: MapView;
  readonly size: MapSize;
}

/** Points in sight up to which pictures are shown, and how many at most. */
const [mostSeen, mostShown] = [800, 80];
/** Pixels of a square that has room for one picture. */
const side = 72;
/** Milliseconds that the map has to rest before pictures are chosen anew. */
const rest = 150;

/** Pictures over some of the points, as soon as few enough are in sight. What is read aloud is the list of the selection. */
export function MapThumbnails({ ids, places, view, size }: MapThumbnailsProps) {
  const [shown, setShown] = useState<readonly number[]>([]);
  useEffect(() => {
    const timer = setTimeout(() => {
      const seen = seenPoints(places, view, size);
      setShown(seen.length > mostSeen ? [] : pointsWithRoom(places, seen, view, side, mostShown));
    }, rest);
    return () => clearTimeout(timer);
  }, [places, view, size]);
  return (
    <div class="thumbnails" aria-hidden="true">
      {shown.map((point) => {
        const [x, y] = pixelOf(places[2 * point], places[2 * point + 1], view, size);
        return (
          <img
            key={ids[point]}
            src={thumbnailUrl(ids[point], 64)}
            alt=""
            draggable={false}
            style={{ transform: `translate(${x}px, ${y}px) translate(-50%, -50%)` }}
          />
        );
      })}
    </div>
  );
}
