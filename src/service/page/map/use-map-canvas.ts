import type { RefObject } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { base } from '../service.ts';
import type { MapCanvas } from './map-canvas.ts';
import { type MapSize, type MapView, wholeView } from './map-view-port.ts';
import type { DrawnPoints } from './point-drawing.ts';

/** A canvas on the page, what is looked at, and how large it is. */
export interface CanvasOnPage {
  readonly place: RefObject<HTMLDivElement | null>;
  readonly canvas: MapCanvas | undefined;
  readonly view: MapView;
  readonly size: MapSize;
  readonly look: (next: (view: MapView) => MapView) => void;
  readonly fault: string | undefined;
}

const noSize: MapSize = { width: 0, height: 0 };

/** A canvas that draws points in an element, with its library, which is loaded by and by. */
export function useMapCanvas(points: DrawnPoints): CanvasOnPage {
  const place = useRef<HTMLDivElement>(null);
  const [canvas, setCanvas] = useState<MapCanvas>();
  const [size, setSize] = useState(noSize);
  const [view, setView] = useState<MapView>(wholeView({ width: 640, height: 640 }));
  const [fault, setFault] = useState<string>();
  useEffect(() => {
    const parent = place.current;
    if (parent === null) return undefined;
    let made: MapCanvas | undefined;
    let isGone = false;
    const first = wholeView({ width: parent.clientWidth, height: parent.clientHeight });
    const measured = new ResizeObserver(() => setSize({ width: parent.clientWidth, height: parent.clientHeight }));
    measured.observe(parent);
    setView(first);
    loadCanvas()
      .then((Canvas) => {
        if (isGone) return;
        made = new Canvas({ parent, view: first, onView: setView });
        setCanvas(made);
      })
      .catch(({ message }: Error) => setFault(message));
    return () => {
      isGone = true;
      measured.disconnect();
      made?.remove();
    };
  }, []);
  useEffect(() => canvas?.draw(points), [canvas, points]);
  useEffect(() => canvas?.look(view), [canvas, view]);
  return { place, canvas, view, size, look: setView, fault };
}

async function loadCanvas(): Promise<typeof MapCanvas> {
  const loaded: typeof import('./map-canvas.ts') = await import(`${base}/map-canvas.js`);
  return loaded.MapCanvas;
}
