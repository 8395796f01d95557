import { useRef, useState } from 'preact/hooks';
import type { Pixel } from './map-view-port.ts';

/** Who hears of a line that was drawn around points. */
export interface LassoProps {
  readonly onDone: (line: readonly Pixel[]) => void;
}

/** A line by mouse, pen or finger, which closes itself. */
export function Lasso({ onDone }: LassoProps) {
  const [line, setLine] = useState<readonly Pixel[]>([]);
  const drawn = useRef<Pixel[] | undefined>(undefined);
  const placeOf = (event: PointerEvent): Pixel => {
    const { left, top } = (event.currentTarget as Element).getBoundingClientRect();
    return [event.clientX - left, event.clientY - top];
  };
  const ended = () => {
    const done = drawn.current;
    drawn.current = undefined;
    setLine([]);
    if (done !== undefined && done.length > 2) onDone(done);
  };
  return (
    <svg
      class="lasso"
      aria-hidden="true"
      onPointerDown={(event) => {
        (event.currentTarget as Element).setPointerCapture(event.pointerId);
        drawn.current = [placeOf(event)];
      }}
      onPointerMove={(event) => {
        if (drawn.current === undefined) return;
        drawn.current = [...drawn.current, placeOf(event)];
        setLine(drawn.current);
      }}
      onPointerUp={ended}
      onPointerCancel={ended}
    >
      <polygon points={line.map(([x, y]) => `${x},${y}`).join(' ')} />
    </svg>
  );
}
