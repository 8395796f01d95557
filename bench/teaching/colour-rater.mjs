// A person who cares for colour alone. Of a picture they see the mean colour of what is painted, in CIE Lab (D65): pixels that
// are not the white ground (some channel below 245). Of two candidates the one whose mean is nearer to the query's is more
// alike (CIE76: Euclidean in Lab); where the two are within 5 of each other they do not tell: both if both are within 20 of the
// query, else neither. On a grid they mark what is within 20 of the query.

const ground = 245;
const sameDistance = 5;
const alikeDistance = 20;

const linear = (value) => (value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4);
const root = (t) => (t > 216 / 24389 ? Math.cbrt(t) : ((24389 / 27) * t + 16) / 116);

function lab(red, green, blue) {
  const [r, g, b] = [linear(red), linear(green), linear(blue)];
  const x = root((0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.95047);
  const y = root(0.2126 * r + 0.7152 * g + 0.0722 * b);
  const z = root((0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.08883);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

/** The mean colour of what is painted. */
export function paintedColour(pixels) {
  const sum = [0, 0, 0];
  let painted = 0;
  for (let at = 0; at < pixels.length; at += 3) {
    if (Math.min(pixels[at], pixels[at + 1], pixels[at + 2]) >= ground) continue;
    const colour = lab(pixels[at], pixels[at + 1], pixels[at + 2]);
    for (const [axis, value] of colour.entries()) sum[axis] += value;
    painted++;
  }
  return sum.map((value) => value / Math.max(1, painted));
}

/** The rater of some pictures. */
export function colourRater(pictures) {
  const colours = pictures.map(paintedColour);
  const distance = (a, b) => Math.hypot(...colours[a].map((value, axis) => value - colours[b][axis]));
  const answer = ({ query, left, right }) => {
    const [toLeft, toRight] = [distance(query, left), distance(query, right)];
    if (Math.abs(toLeft - toRight) >= sameDistance) return toLeft < toRight ? 'left' : 'right';
    return Math.max(toLeft, toRight) < alikeDistance ? 'both' : 'neither';
  };
  return {
    answer,
    /** The triplets of an answer to a question of three pictures: one or none. */
    tripletsOf({ query, left, right }) {
      const said = answer({ query, left, right });
      if (said === 'left') return [{ query, positive: left, negative: right }];
      return said === 'right' ? [{ query, positive: right, negative: left }] : [];
    },
    marks: ({ query, candidates }) => candidates.filter((one) => distance(query, one) < alikeDistance),
    /** The triplets of a grid. */
    gridTripletsOf({ query, candidates }) {
      const marked = candidates.filter((one) => distance(query, one) < alikeDistance);
      const others = candidates.filter((one) => !marked.includes(one));
      return marked.flatMap((positive) => others.map((negative) => ({ query, positive, negative })));
    },
  };
}
