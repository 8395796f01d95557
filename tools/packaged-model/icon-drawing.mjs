import { Buffer } from 'node:buffer';
import sharp from 'sharp';
import { colour } from './random.mjs';

/** The icon as a piece of SVG that fills `side` x `side` at a place, and what `currentColor` means in it. */
export function placedIcon({ set, icon }, { x, y, side, ink }) {
  const { body, ...own } = set.icons[icon];
  const { left = 0, top = 0, width = 16, height = 16 } = { ...set.canvas, ...own };
  const inked = body.replaceAll('currentColor', ink);
  return (
    `<svg x="${x}" y="${y}" width="${side}" height="${side}" viewBox="${left} ${top} ${width} ${height}" ` +
    `color="${ink}">${inked}</svg>`
  );
}

/** An SVG document of `side` x `side` as pixels, transparent where nothing is drawn. */
export function drawSvg(side, content) {
  const head = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"';
  return sharp(Buffer.from(`${head} width="${side}" height="${side}" viewBox="0 0 ${side} ${side}">${content}</svg>`));
}

function gradient(id, first, second, random) {
  const [x, y] = random.pick([
    [0, 1],
    [1, 0],
    [1, 1],
  ]);
  const stops = `<stop offset="0" stop-color="${first}"/><stop offset="1" stop-color="${second}"/>`;
  return `<linearGradient id="${id}" x1="0" y1="0" x2="${x}" y2="${y}">${stops}</linearGradient>`;
}

/** A plate behind a glyph: a circle, a square or one with round corners, plain or shaded. */
function plate(random, side) {
  const [first, second] = [colour(random), colour(random)];
  const shades = random.chance(0.5)
    ? [first, first]
    : [first, random.chance(0.5) ? second : colour(random, [30, 95], [15, 40])];
  const margin = side * random.uniform(0.02, 0.1);
  const round = random.pick([0, 0.1, 0.22, 0.5]) * side;
  const size = side - 2 * margin;
  return (
    `<defs>${gradient('plate', ...shades, random)}</defs>` +
    `<rect x="${margin}" y="${margin}" width="${size}" height="${size}" rx="${Math.min(round, size / 2)}" fill="url(#plate)"/>`
  );
}

/**
 * One designer's drawing of a concept, 64 to 128 pixels a side, on white or a light ground. Glyphs of one colour are dark,
 * coloured, or light on a plate; drawings in colour stay as they are.
 */
export async function drawIcon(drawing, random) {
  const side = random.pick([64, 80, 96, 128]);
  const onPlate = random.chance(drawing.set.coloured ? 0.1 : 0.4);
  const ground = random.chance(0.8) ? '#ffffff' : colour(random, [0, 40], [82, 98]);
  const ink = onPlate
    ? colour(random, [0, 30], [88, 100])
    : random.chance(0.4)
      ? `hsl(0, 0%, ${random.whole(35)}%)`
      : colour(random);
  const glyph = side * (onPlate ? random.uniform(0.45, 0.7) : random.uniform(0.75, 1));
  const offset = (side - glyph) / 2;
  const content =
    (onPlate ? plate(random, side) : '') + placedIcon(drawing, { x: offset, y: offset, side: glyph, ink });
  const image = drawSvg(side, content).flatten({ background: ground }).removeAlpha().toColourspace('srgb');
  const { data, info } = await image.raw().toBuffer({ resolveWithObject: true });
  if (data.every((value, place) => value === data[place % 3])) return undefined;
  return sharp(data, { raw: info }).png();
}
