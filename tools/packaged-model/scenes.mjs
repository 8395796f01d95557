import { drawSvg, placedIcon } from './icon-drawing.mjs';
import { colour } from './random.mjs';

/** Pixels along a side of a scene. */
export const sceneSide = 320;

const kinds = { leaves, stripes, clouds, tiles, rings };

/** A picture of overlapping shapes, stripes, clouds, tiles or rings in colours of its own, 320 x 320. */
export function texture(random) {
  const content = random.pick(Object.values(kinds))(random, palette(random));
  return drawSvg(sceneSide, content).flatten({ background: '#808080' });
}

/** A picture of three to seven things somewhere on a texture. */
export function collage(random, drawings) {
  const [back, count] = [random.pick(Object.values(kinds))(random, palette(random)), 3 + random.whole(5)];
  const things = random.some(drawings, count).map((drawing) => {
    const side = random.uniform(60, 180);
    const place = { x: random.uniform(-20, sceneSide - side + 20), y: random.uniform(-20, sceneSide - side + 20) };
    return placedIcon(drawing, { ...place, side, ink: colour(random) });
  });
  return drawSvg(sceneSide, back + things.join('')).flatten({ background: '#808080' });
}

/** Three to six colours that are near each other half of the time. */
function palette(random) {
  const hue = random.whole(360);
  const spread = random.pick([15, 40, 180]);
  return Array.from({ length: 3 + random.whole(4) }, () => {
    const [h, s, l] = [hue + random.uniform(-spread, spread), random.uniform(5, 90), random.uniform(12, 90)];
    return `hsl(${Math.round(h + 360) % 360}, ${Math.round(s)}%, ${Math.round(l)}%)`;
  });
}

const filled = (fill) => `<rect width="${sceneSide}" height="${sceneSide}" fill="${fill}"/>`;

/** Shapes whose sizes follow a power law, each hiding what is behind it: photographs have such statistics (Lee et al. 2001). */
function leaves(random, colours) {
  const shapes = Array.from({ length: 150 }, () => {
    const size = 6 / (random.uniform(0.03, 1) ** 0.9 + 0.01);
    const [x, y] = [random.uniform(0, sceneSide), random.uniform(0, sceneSide)];
    const style = `fill="${random.pick(colours)}" transform="rotate(${random.whole(180)} ${x} ${y})"`;
    return random.chance(0.6)
      ? `<ellipse cx="${x}" cy="${y}" rx="${size}" ry="${size * random.uniform(0.3, 1)}" ${style}/>`
      : `<rect x="${x - size}" y="${y - size}" width="${2 * size}" height="${size * random.uniform(0.4, 2)}" ${style}/>`;
  });
  return filled(colours[0]) + shapes.join('');
}

function stripes(random, colours) {
  const width = random.uniform(6, 60);
  const bands = Array.from({ length: Math.ceil(700 / width) }, (_, place) => {
    const fill = colours[place % colours.length];
    return `<rect x="${-190 + place * width}" y="-190" width="${width * random.uniform(0.4, 1)}" height="700" fill="${fill}"/>`;
  });
  return `${filled(colours[1])}<g transform="rotate(${random.whole(180)} 160 160)">${bands.join('')}</g>`;
}

function clouds(random, colours) {
  const frequency = random.uniform(0.003, 0.05);
  const grain = `baseFrequency="${frequency} ${frequency * random.uniform(0.3, 2)}" numOctaves="5" seed="${random.whole(9999)}"`;
  const shades = colours.map((fill, place) => `<stop offset="${place / (colours.length - 1)}" stop-color="${fill}"/>`);
  return (
    `<defs><linearGradient id="sky" x1="0" y1="0" x2="${random.uniform(0, 1)}" y2="1">${shades.join('')}</linearGradient>` +
    `<filter id="grain" x="0" y="0" width="1" height="1"><feTurbulence type="fractalNoise" ${grain}/></filter></defs>` +
    `<rect width="${sceneSide}" height="${sceneSide}" fill="url(#sky)"/>` +
    `<rect width="${sceneSide}" height="${sceneSide}" filter="url(#grain)" opacity="${random.uniform(0.3, 0.9)}"/>`
  );
}

function tiles(random, colours) {
  const side = random.uniform(20, 90);
  const count = Math.ceil(sceneSide / side);
  const cells = Array.from({ length: count * count }, (_, place) => {
    const [x, y] = [(place % count) * side, Math.floor(place / count) * side];
    const inner = side * random.uniform(0.5, 1);
    return `<rect x="${x}" y="${y}" width="${inner}" height="${inner}" rx="${random.chance(0.3) ? inner / 2 : 0}" fill="${random.pick(colours)}"/>`;
  });
  return filled(colours[0]) + cells.join('');
}

function rings(random, colours) {
  const centres = Array.from({ length: 1 + random.whole(4) }, () => [
    random.uniform(0, sceneSide),
    random.uniform(0, sceneSide),
  ]);
  const circles = centres.flatMap(([x, y]) => {
    const step = random.uniform(8, 40);
    return Array.from({ length: 9 }, (_, place) => {
      const fill = colours[place % colours.length];
      return `<circle cx="${x}" cy="${y}" r="${(9 - place) * step}" fill="${fill}"/>`;
    });
  });
  return filled(colours[2]) + circles.join('');
}
