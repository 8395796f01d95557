import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';

/**
 * A folder of class folders with small noisy pictures, in which files are added, changed, moved and deleted: the same changes for the
 * same seed.
 */
export class ChangingFolder {
  #state;
  #drawn = 0;

  constructor(pictures, { seed, classes }) {
    this.pictures = pictures;
    this.classes = classes;
    this.#state = seed;
  }

  /** Numbers from 0 to 1 by a linear congruential generator. */
  random() {
    this.#state = (this.#state * 1664525 + 1013904223) % 2 ** 32;
    return this.#state / 2 ** 32;
  }

  /** Adds so many pictures. */
  async add(count) {
    for (let n = 0; n < count; n++) await this.#draw(this.#newName());
  }

  async files() {
    const names = await readdir(this.pictures, { recursive: true, withFileTypes: true });
    return names
      .filter((entry) => entry.isFile())
      .map((entry) => path.join(entry.parentPath ?? entry.path, entry.name));
  }

  /** Adds, changes, moves and deletes a file each, so many times. */
  async change(times) {
    const there = (await this.files()).sort();
    const some = () => there.splice(Math.floor(there.length * this.random()), 1)[0];
    for (let n = 0; n < times; n++) {
      await this.#draw(this.#newName());
      await this.#draw(some());
      const moved = this.#newName();
      await mkdir(path.dirname(moved), { recursive: true });
      await rename(some(), moved);
      await rm(some());
    }
  }

  async #draw(file) {
    await mkdir(path.dirname(file), { recursive: true });
    const data = Buffer.from(Array.from({ length: 12 * 12 * 3 }, () => Math.floor(256 * this.random())));
    await sharp(data, { raw: { width: 12, height: 12, channels: 3 } })
      .png()
      .toFile(file);
  }

  #newName() {
    const named = this.classes[Math.floor(this.classes.length * this.random())];
    return path.join(this.pictures, named, `${this.#drawn++}.png`);
  }
}
