import { select } from 'd3-selection';
import { type ZoomBehavior, type ZoomTransform, zoom, zoomIdentity, zoomTransform } from 'd3-zoom';
import { closest, farthest, type MapView } from './map-view-port.ts';

/** Moves and zooms a view by mouse, wheel, pen and fingers. */
export class ViewGestures {
  readonly #element: HTMLElement;
  readonly #zoom: ZoomBehavior<HTMLElement, unknown>;
  #isTold = false;

  constructor(element: HTMLElement, view: MapView, onView: (view: MapView) => void) {
    this.#element = element;
    this.#zoom = zoom<HTMLElement, unknown>()
      .scaleExtent([2 ** farthest, 2 ** closest])
      .on('zoom', ({ transform }: { readonly transform: ZoomTransform }) => {
        if (!this.#isTold) onView(this.#viewOf(transform));
      });
    select(element).call(this.#zoom);
    this.look(view);
  }

  /** Goes on from another view. */
  look({ x, y, zoom: closeness }: MapView): void {
    const { clientWidth, clientHeight } = this.#element;
    const transform = zoomIdentity
      .translate(clientWidth / 2, clientHeight / 2)
      .scale(2 ** closeness)
      .translate(-x, y);
    const now = zoomTransform(this.#element);
    if (near(now.k, transform.k) && near(now.x, transform.x) && near(now.y, transform.y)) return;
    this.#isTold = true;
    select(this.#element).call(this.#zoom.transform, transform);
    this.#isTold = false;
  }

  /** Hears nothing any more. */
  stop(): void {
    select(this.#element).on('.zoom', null);
  }

  #viewOf(transform: ZoomTransform): MapView {
    const { clientWidth, clientHeight } = this.#element;
    const [x, y] = transform.invert([clientWidth / 2, clientHeight / 2]);
    return { x, y: -y, zoom: Math.log2(transform.k) };
  }
}

/** True of numbers that differ by no more than rounding: the view is what the gestures have made it. */
function near(a: number, b: number): boolean {
  return Math.abs(a - b) <= 1e-6 * Math.max(1, Math.abs(b));
}
