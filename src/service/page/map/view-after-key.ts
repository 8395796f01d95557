import { closest, farthest, type MapSize, type MapView, wholeView } from './map-view-port.ts';

/** The share of the map that an arrow key moves it by, and how much plus and minus zoom. */
const [step, closer] = [0.15, 0.5];

/** What a key makes of the view; undefined of one that does nothing. */
export function viewAfterKey(key: string, view: MapView, size: MapSize): MapView | undefined {
  const scale = 2 ** -view.zoom;
  const moved = (x: number, y: number): MapView => ({
    ...view,
    x: view.x + x * step * size.width * scale,
    y: view.y + y * step * size.height * scale,
  });
  switch (key) {
    case 'ArrowLeft':
      return moved(-1, 0);
    case 'ArrowRight':
      return moved(1, 0);
    case 'ArrowUp':
      return moved(0, 1);
    case 'ArrowDown':
      return moved(0, -1);
    case '+':
    case '=':
      return { ...view, zoom: Math.min(closest, view.zoom + closer) };
    case '-':
      return { ...view, zoom: Math.max(farthest, view.zoom - closer) };
    case '0':
      return wholeView(size);
    default:
      return undefined;
  }
}
