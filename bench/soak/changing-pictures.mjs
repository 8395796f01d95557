import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import sharp from 'sharp';

/** A folder of small pictures that changes from round to round. */
export class ChangingPictures {
  #folder;
  #random;
  #made = 0;

  /** @param {string} folder @param {() => number} random from 0 to 1 */
  constructor(folder, random) {
    this.#folder = folder;
    this.#random = random;
    mkdirSync(folder, { recursive: true });
  }

  /** The SHA-256 of each picture, by its id. */
  hashes() {
    const names = readdirSync(this.#folder, { recursive: true }).filter((name) => name.endsWith('.png'));
    const hashOf = (name) =>
      createHash('sha256')
        .update(readFileSync(path.join(this.#folder, name)))
        .digest('hex');
    return new Map(names.map((name) => [name.split(path.sep).join('/'), hashOf(name)]));
  }

  /** Adds pictures. @param {number} count */
  async add(count) {
    for (let picture = 0; picture < count; picture++) {
      await this.#draw(`class ${Math.floor(6 * this.#random())}/${this.#made++}.png`);
    }
  }

  /** Draws some of the pictures anew. @param {number} count */
  async change(count) {
    for (const id of this.#some(count)) await this.#draw(id);
  }

  /** Removes some of the pictures. @param {number} count */
  remove(count) {
    for (const id of this.#some(count)) rmSync(path.join(this.#folder, id));
  }

  #some(count) {
    const ids = [...this.hashes().keys()];
    return Array.from({ length: Math.min(count, ids.length) }, () => {
      const [id] = ids.splice(Math.floor(ids.length * this.#random()), 1);
      return id;
    });
  }

  async #draw(id) {
    const side = 24;
    const pixels = Uint8Array.from({ length: 3 * side * side }, () => 256 * this.#random());
    const raw = { width: side, height: side, channels: 3 };
    mkdirSync(path.dirname(path.join(this.#folder, id)), { recursive: true });
    writeFileSync(path.join(this.#folder, id), await sharp(pixels, { raw }).png().toBuffer());
  }
}
