import type { MapView } from './map-view-port.ts';
import { type DrawnPoints, PointDrawing } from './point-drawing.ts';
import { ViewGestures } from './view-gestures.ts';

// A script by itself: the page loads it with the map.

/** What a canvas needs, and who hears of it. */
export interface MapCanvasOptions {
  readonly parent: HTMLDivElement;
  readonly view: MapView;
  readonly onView: (view: MapView) => void;
}

/** Draws points by WebGL, once a frame at most; moves and zooms by mouse and touch. */
export class MapCanvas {
  readonly #canvas = document.createElement('canvas');
  readonly #drawing: PointDrawing;
  readonly #gestures: ViewGestures;
  readonly #resized: ResizeObserver;
  #view: MapView;
  #frame: number | undefined;

  /** @throws if the browser has no WebGL. */
  constructor({ parent, view, onView }: MapCanvasOptions) {
    this.#view = view;
    this.#drawing = new PointDrawing(this.#canvas);
    parent.append(this.#canvas);
    this.#gestures = new ViewGestures(parent, view, onView);
    this.#resized = new ResizeObserver(() => this.#redraw());
    this.#resized.observe(parent);
  }

  /** Moves what is looked at. */
  look(view: MapView): void {
    this.#view = view;
    this.#gestures.look(view);
    this.#redraw();
  }

  /** Draws other points, or the same ones in other colours. */
  draw(points: DrawnPoints): void {
    this.#drawing.take(points);
    this.#redraw();
  }

  /** Gives WebGL back. */
  remove(): void {
    if (this.#frame !== undefined) cancelAnimationFrame(this.#frame);
    this.#resized.disconnect();
    this.#gestures.stop();
    this.#drawing.release();
    this.#canvas.remove();
  }

  #redraw(): void {
    this.#frame ??= requestAnimationFrame(() => {
      this.#frame = undefined;
      this.#drawing.draw(this.#view);
    });
  }
}
