import { mkdir, readdir, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';
import { exists } from '../../dist/foundation/files/exists.js';
import { RandomSource } from '../../dist/foundation/random/random-source.js';

/** Sides of a photograph, in pixels. */
export const width = 1024;
export const height = 768;
const quality = 88;

/** Where Debian's packages put their pictures. */
const packages = {
  'plasma-workspace-wallpapers': '/usr/share/wallpapers',
  'gnome-backgrounds': '/usr/share/backgrounds/gnome',
};

/**
 * A folder of at least `count` JPEG files of 1024 x 768, quality 88: crops of wallpapers, each at its own place and scale,
 * drawn from a fixed seed. Files that an earlier call made are used again.
 *
 * @param {string} folder
 * @param {number} count
 * @param {(made: number) => void} [onProgress]
 * @returns {Promise<string[]>} the files, in the order of their names
 * @throws if the Debian packages with the wallpapers are not installed, with the line that installs them.
 */
export async function makePhotographs(folder, count, onProgress = () => undefined) {
  await mkdir(folder, { recursive: true });
  const files = Array.from({ length: count }, (_, place) => path.join(folder, `${String(place).padStart(5, '0')}.jpg`));
  const missing = [];
  for (const [place, file] of files.entries()) if (!(await exists(file))) missing.push(place);
  if (missing.length === 0) return files;
  const wallpapers = await findWallpapers();
  // One wallpaper after the other, so that each is decoded once.
  for (const [index, wallpaper] of wallpapers.entries()) {
    const wanted = missing.filter((place) => place % wallpapers.length === index);
    if (wanted.length === 0) continue;
    const source = await sharp(wallpaper).flatten().toColourspace('srgb').raw().toBuffer({ resolveWithObject: true });
    for (const place of wanted) {
      const piece = `${files[place]}.tmp`;
      await writeFile(piece, await crop(source, RandomSource.fromSeed(place, 'photograph')));
      await rename(piece, files[place]);
      onProgress(place);
    }
  }
  return files;
}

/** A window of the photograph's aspect, between one and two times its size, brought to size. */
async function crop({ data, info }, random) {
  const largest = Math.min(2, info.width / width, info.height / height);
  const scale = random.between(1, Math.max(1, largest));
  const [w, h] = [Math.floor(width * scale), Math.floor(height * scale)];
  const window = {
    left: random.integer(info.width - w + 1),
    top: random.integer(info.height - h + 1),
    width: w,
    height: h,
  };
  return sharp(data, { raw: { width: info.width, height: info.height, channels: info.channels } })
    .extract(window)
    .resize(width, height)
    .jpeg({ quality })
    .toBuffer();
}

async function findWallpapers() {
  const found = [];
  for (const [name, folder] of Object.entries(packages)) {
    const files = await readdir(folder, { recursive: true }).catch(() => undefined);
    if (files === undefined) {
      throw new Error(
        `the photographs are crops of wallpapers, and there is no '${folder}': install Debian's packages with ` +
          `apt-get install ${Object.keys(packages).join(' ')}, or put JPEG files of ${width} x ${height} into the folder (missing: ${name})`,
      );
    }
    for (const file of files.sort()) {
      if (!/\.(jpg|webp)$/.test(file) || /screenshot|_dark/.test(file)) continue;
      const size = await sharp(path.join(folder, file)).metadata();
      if (size.width >= 2 * width && size.height >= 2 * height) found.push(path.join(folder, file));
    }
  }
  return found;
}
