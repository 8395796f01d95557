// Plants copies: of every picture of some folders the picture itself and five copies of it, in a folder of its own.
//
//   node bench/duplicates/make-copies.mjs <out> <kind>=<folder> [<kind>=<folder> …] [--each 100] [--half 0] [--seed 1]
//
// Copies: JPEG of quality 40; half as wide and high; a window of 90% of width and height; other hue, saturation and brightness;
// mirrored. Pictures are at most 800 pixels a side, transparent ones on white; those of one colour are left out. --half takes every other picture, from the first or the second.
import { mkdir, readdir } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import sharp from 'sharp';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    each: { type: 'string', default: '100' },
    half: { type: 'string' },
    seed: { type: 'string', default: '1' },
  },
});
const [out, ...kinds] = positionals;
/** Standard deviation of a picture's values below which it shows nothing. */
const plain = 8;
let state = Number(values.seed);
/** Numbers from 0 to 1 by a linear congruential generator: the same copies for the same seed. */
const random = () => {
  state = (state * 1664525 + 1013904223) % 2 ** 32;
  return state / 2 ** 32;
};

/** Some pictures of a folder, spread over all, in the order of their names. */
async function picturesOf(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && /\.(png|jpe?g|webp)$/i.test(entry.name));
  const all = files.map((entry) => path.join(entry.parentPath ?? entry.path, entry.name)).sort();
  const own = values.half === undefined ? all : all.filter((_, place) => place % 2 === Number(values.half));
  const count = Math.min(Number(values.each), own.length);
  return Array.from({ length: count }, (_, n) => own[Math.floor((n * own.length) / count)]);
}

for (const kind of kinds) {
  const [name, folder] = kind.split('=');
  for (const [n, file] of (await picturesOf(folder)).entries()) {
    const place = path.join(out, `${name}-${String(n).padStart(3, '0')}`);
    const drawn = Array.from({ length: 6 }, random);
    const fitted = sharp(file)
      .flatten({ background: '#fff' })
      .resize(800, 800, { fit: 'inside', withoutEnlargement: true });
    const { data, info } = await fitted.raw().toBuffer({ resolveWithObject: true });
    const { width, height, channels } = info;
    const { channels: found } = await sharp(data, { raw: { width, height, channels } }).stats();
    // Transparent wallpapers are white, and copies of each other.
    if (Math.max(...found.map(({ stdev }) => stdev)) < plain) continue;
    await mkdir(place, { recursive: true });
    const picture = () => sharp(data, { raw: { width, height, channels } });
    await picture().png().toFile(path.join(place, 'original.png'));
    await picture().jpeg({ quality: 40 }).toFile(path.join(place, 'recompressed.jpg'));
    const half = { width: Math.max(1, Math.round(width / 2)), height: Math.max(1, Math.round(height / 2)) };
    await picture().resize(half.width, half.height, { fit: 'fill' }).png().toFile(path.join(place, 'resized.png'));
    const window = { width: Math.round(0.9 * width), height: Math.round(0.9 * height) };
    const left = Math.round((width - window.width) * drawn[0]);
    const top = Math.round((height - window.height) * drawn[1]);
    await picture()
      .extract({ left, top, ...window })
      .png()
      .toFile(path.join(place, 'cropped.png'));
    const hue = Math.round(20 + 20 * drawn[2]) * (drawn[3] < 0.5 ? -1 : 1);
    const modulation = { brightness: 0.8 + 0.4 * drawn[4], saturation: 0.5 + drawn[5], hue };
    await picture().modulate(modulation).png().toFile(path.join(place, 'recoloured.png'));
    await picture().flop().png().toFile(path.join(place, 'mirrored.png'));
  }
}
