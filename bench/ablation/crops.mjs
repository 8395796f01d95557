import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';
import { RandomSource } from '../../dist/foundation/random/random-source.js';
import { loadDataset, splitByClassHash } from '../../dist/index.js';
import { selectClasses } from '../../dist/pictures/datasets/select-classes.js';

/** How crops are made: squares of a share of the shorter side, brought to `size` pixels. */
export const cropNumbers = { version: 1, perPhotograph: 40, size: 64, smallest: 0.1, largest: 0.3, grey: true };
const { perPhotograph, size, smallest, largest } = cropNumbers;

/**
 * Crops of photographs as classes: the crops of one photograph are one class. Windows are squares of a tenth to three tenths
 * of the shorter side, at places drawn from a fixed seed, and grey: by its colours alone nearly every crop is told apart. Half of the photographs, by the SHA-1 of their names, are learnt from, the
 * others judged on.
 *
 * @param {string} folder photographs, at any depth. Of those that differ in size alone, as wallpapers do, the first is taken;
 *   screenshots and dark variants are left out.
 * @param {string} work where the crops go, or are found.
 */
export async function loadCrops(folder, work) {
  const made = path.join(work, 'crops');
  if (!(await readdir(made).catch(() => undefined))) await makeCrops(folder, made);
  const dataset = await loadDataset(made);
  const split = splitByClassHash(dataset.classes);
  return { train: selectClasses(dataset, split.train), test: selectClasses(dataset, split.test) };
}

async function makeCrops(folder, made) {
  const photographs = await findPhotographs(folder);
  const unfinished = `${made}-unfinished`;
  await rm(unfinished, { recursive: true, force: true });
  for (const [name, file] of photographs) {
    const image = sharp(file).flatten().toColourspace('srgb').removeAlpha();
    const { data, info } = await image.raw().toBuffer({ resolveWithObject: true });
    const random = RandomSource.fromSeed(0, `crops of ${name}`);
    await mkdir(path.join(unfinished, name), { recursive: true });
    for (let crop = 0; crop < perPhotograph; crop++) {
      const side = Math.floor(Math.min(info.width, info.height) * random.between(smallest, largest));
      const left = random.integer(info.width - side + 1);
      const top = random.integer(info.height - side + 1);
      await sharp(data, { raw: { width: info.width, height: info.height, channels: info.channels } })
        .extract({ left, top, width: side, height: side })
        .resize(size, size)
        .greyscale()
        .png()
        .toFile(path.join(unfinished, name, `${String(crop).padStart(2, '0')}.png`));
    }
  }
  await rename(unfinished, made);
}

/** Files by the name of their photograph. */
async function findPhotographs(folder) {
  const photographs = new Map();
  for (const file of (await readdir(folder, { recursive: true })).sort()) {
    if (!/\.(jpe?g|png|webp)$/i.test(file) || /screenshot|dark|[-_]d\.\w+$/i.test(file)) continue;
    // `<name>/contents/images/2560x1600.jpg` is the photograph `<name>`.
    const name = /^\d+x\d+\.\w+$/.test(path.basename(file)) ? file.split(path.sep)[0] : path.parse(file).name;
    if (!photographs.has(name)) photographs.set(name, path.join(folder, file));
  }
  if (photographs.size < 8) {
    throw new Error(
      `'${folder}' has ${photographs.size} photographs, at least 8 are needed: half of them are judged on`,
    );
  }
  return photographs;
}
