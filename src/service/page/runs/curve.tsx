/** A curve over the steps of a run. */
export interface CurveProps {
  readonly title: string;
  readonly points: readonly (readonly [step: number, value: number])[];
  /** A value as people read it. */
  readonly text: (value: number) => string;
}

/** The drawing's own units, with room for the texts on the left and below. */
const [width, height, left, below, above] = [520, 220, 56, 26, 10] as const;
/** Points that are drawn at most: of more, every so many. */
const mostPoints = 600;

/** A curve with its lowest and highest value, and where it stands; nothing where it has no points yet. */
export function Curve({ title, points, text }: CurveProps) {
  if (points.length === 0) return null;
  const [last] = points.slice(-1);
  const values = points.map(([, value]) => value);
  const [low, high] = [Math.min(...thinned(values)), Math.max(...thinned(values))];
  const [first, end] = [points[0][0], last[0]];
  const x = (step: number) => left + ((width - left - 8) * (step - first)) / (end - first || 1);
  const y = (value: number) => above + (height - above - below) * (high === low ? 0.5 : (high - value) / (high - low));
  const line = thinned(points).map(([step, value]) => `${x(step).toFixed(1)},${y(value).toFixed(1)}`);
  const told = `${title}: ${text(last[1])} at step ${end.toLocaleString('en')}, between ${text(low)} and ${text(high)}`;
  return (
    <figure class="curve">
      <figcaption>
        <h3>{title}</h3>
        <span>{text(last[1])}</span>
      </figcaption>
      <svg viewBox={`0 0 ${width} ${height}`} role="img" aria-label={told}>
        {(high === low ? [high] : [high, low]).map((value) => (
          <g key={value}>
            <line class="grid" x1={left} x2={width} y1={y(value)} y2={y(value)} />
            <text x={left - 8} y={y(value)} text-anchor="end" dominant-baseline="middle">
              {text(value)}
            </text>
          </g>
        ))}
        <text x={left} y={height - 6}>
          {first.toLocaleString('en')}
        </text>
        <text x={width} y={height - 6} text-anchor="end">
          step {end.toLocaleString('en')}
        </text>
        <polyline points={line.join(' ')} />
        <circle cx={x(end)} cy={y(last[1])} r="3.5" />
      </svg>
    </figure>
  );
}

/** Some of many points, the last among them. */
function thinned<Point>(points: readonly Point[]): readonly Point[] {
  const every = Math.ceil(points.length / mostPoints);
  return points.filter((_, place) => (points.length - 1 - place) % every === 0);
}
