import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';
import { RandomSource } from '../../dist/foundation/random/random-source.js';

// Photographs as classes: four crops of each, 40 to 75% of its sides at places drawn from a fixed seed, brought back to 1,024 x 768,
// JPEG quality 70 to 95. The photographs are those of bench/speed/make-photographs.mjs, every seventh of 2,000:
//   node bench/quality/photograph-crops.mjs <photographs> <folder>
const [photographs, folder] = process.argv.slice(2);
const [width, height] = [1024, 768];
for (let place = 0; place < 250; place++) {
  const file = path.join(photographs, `${String(7 * place).padStart(5, '0')}.jpg`);
  const of = path.join(folder, String(place).padStart(3, '0'));
  await mkdir(of, { recursive: true });
  const random = RandomSource.fromSeed(place, 'photo');
  for (let crop = 0; crop < 4; crop++) {
    const share = random.between(0.4, 0.75);
    const [w, h] = [Math.floor(width * share), Math.floor(height * share)];
    const window = { left: random.integer(width - w + 1), top: random.integer(height - h + 1), width: w, height: h };
    await sharp(file)
      .extract(window)
      .resize(width, height)
      .jpeg({ quality: 70 + random.integer(26) })
      .toFile(path.join(of, `${crop}.jpg`));
  }
}
