import { mkdir, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';

/**
 * A folder of `classes` folders with `images` empty files in all, named as images are: enough for samplers, which look at
 * names alone. Made once.
 *
 * @param {string} folder
 * @param {number} images a multiple of `classes`
 * @param {number} classes
 */
export async function makeImageNames(folder, images, classes) {
  const each = images / classes;
  if (!Number.isInteger(each)) throw new Error(`${images} images cannot be dealt evenly to ${classes} classes`);
  for (let label = 0; label < classes; label++) {
    const own = path.join(folder, `class-${String(label).padStart(3, '0')}`);
    await mkdir(own, { recursive: true });
    if ((await readdir(own)).length === each) continue;
    for (let place = 0; place < each; place++) {
      await writeFile(path.join(own, `image_${String(place).padStart(5, '0')}.jpg`), '');
    }
  }
  return folder;
}
