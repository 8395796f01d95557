import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadDataset } from '../../pictures/datasets/load-dataset.ts';
import { chooseEmojiConcepts } from './emoji-concepts.ts';
import { drawEmoji } from './emoji-drawing.ts';
import { readEmojiFolder, writeEmojiFolder } from './emoji-folder.ts';
import { emojiNotice } from './emoji-notice.ts';
import { type EmojiPictures, hashOfPictures } from './emoji-pictures.ts';
import { type EmojiIcons, type EmojiSet, findEmojiPackages, missingPackages, readEmojiSets } from './emoji-sets.ts';

const names = ['noto', 'twemoji', 'openmoji', 'fluent-emoji-flat', 'emojione'] as const;

/** Five sets with the same icons, each with a number of its own in every drawing. */
function sets(icons: readonly string[], aliases: EmojiIcons['aliases'] = {}): EmojiSet[] {
  return names.map((name, index) => ({
    name,
    icons: {
      width: 10,
      height: 10,
      icons: Object.fromEntries(icons.map((icon, place) => [icon, { body: dot(index, place) }])),
      aliases,
    },
  }));
}

const dot = (x: number, y: number) => `<rect x="${x}" y="${y}" width="1" height="1" fill="#123456"/>`;

const chosenNames = (list: readonly EmojiSet[]) => chooseEmojiConcepts(list).map(({ name }) => name);

describe('chooseEmojiConcepts', () => {
  it('takes what at least four sets draw, in order of names, without skin tones', () => {
    const list = sets(['sun', 'arm', 'arm-tone1', 'hand-light-skin-tone', 'tone', 'ring-tone']);
    expect(chosenNames(list)).toEqual(['arm', 'ring-tone', 'sun', 'tone']);
    expect(chosenNames(list.slice(0, 4))).toEqual(['arm', 'ring-tone', 'sun', 'tone']);
    expect(chosenNames(list.slice(0, 3))).toEqual([]);
    expect(chooseEmojiConcepts(list)[0].icons).toEqual(names.map((set) => ({ set, icon: 'arm' })));
  });

  it('follows aliases, but none that turns or mirrors', () => {
    const list = sets(['car'], {
      auto: { parent: 'motor' },
      motor: { parent: 'car' },
      rac: { parent: 'car', hFlip: true },
      lost: { parent: 'nowhere' },
      round: { parent: 'round' },
    });
    // All three names lead to one icon: the first by name has it, and the others nothing.
    expect(chooseEmojiConcepts(list)).toEqual([{ name: 'auto', icons: names.map((set) => ({ set, icon: 'car' })) }]);
  });

  it('gives an icon to the name that most sets have', () => {
    // The alias is known to four of five sets: the wider name chooses first, although it comes later in the alphabet.
    const list = sets(['boat']).map((set, index) => ({
      ...set,
      icons: { ...set.icons, aliases: index === 0 ? {} : { aaa: { parent: 'boat' } } },
    }));
    expect(chosenNames(list)).toEqual(['boat']);
  });
});

describe('drawEmoji', () => {
  const draw = (list: readonly EmojiSet[]) => drawEmoji(chooseEmojiConcepts(list), list, 10);

  it('draws on white, in order of concepts and sets', async () => {
    const { concepts, pictures, size, hash } = await draw(sets(['a', 'b']));
    expect([concepts, size]).toEqual([['a', 'b'], 10]);
    expect(pictures.map(({ label, set, icon }) => [label, set, icon])).toEqual(
      [0, 1].flatMap((label) => names.map((set) => [label, set, 'ab'[label]])),
    );
    for (const [index, { pixels }] of pictures.entries()) {
      const expected = new Uint8Array(300).fill(255);
      const x = index % 5;
      const y = Math.floor(index / 5);
      expected.set([0x12, 0x34, 0x56], (y * 10 + x) * 3);
      expect([...pixels]).toEqual([...expected]);
    }
    expect(hash).toBe(hashOfPictures(pictures));
  });

  it('leaves out blanks, copies, and concepts with fewer than four left', async () => {
    const list = sets(['a', 'b', 'c']);
    list[0].icons.icons['a'].body = '';
    list[1].icons.icons['b'].body = list[0].icons.icons['b'].body;
    list[0].icons.icons['c'].body = '';
    list[1].icons.icons['c'].body = list[4].icons.icons['a'].body;
    const { concepts, pictures } = await draw(list);
    expect(concepts).toEqual(['a', 'b']);
    expect(pictures.filter(({ label }) => label === 0).map(({ set }) => set)).toEqual(names.slice(1));
    expect(pictures.filter(({ label }) => label === 1).map(({ set }) => set)).toEqual(names.filter((_, i) => i !== 1));
  });

  it('names the icon that cannot be drawn', async () => {
    const list = sets(['a']);
    list[2].icons.icons['a'].body = '<rect';
    await expect(draw(list)).rejects.toThrow(`cannot draw 'a' of the emoji set 'openmoji'`);
  });
});

describe('the packages', () => {
  it('give the published pictures: the first 60 of 1,585 concepts, byte for byte', async () => {
    const list = await readEmojiSets(await findEmojiPackages());
    const chosen = chooseEmojiConcepts(list);
    const first = chosen.filter(({ name }) => name <= 'baguette-bread');
    const { concepts, pictures, hash } = await drawEmoji(first, list, 64);
    expect([concepts.length, pictures.length]).toEqual([60, 345]);
    // SHA-256 of the first 345 x 64 x 64 x 3 bytes of the published set, whose own `EmojiPictures` tells.
    expect(hash).toBe('db852947faf20417da0b9c1ce3cf87accb7e373f6c6a34bf22fed31c25c89f58');
  });

  it('are named, with their licences, in the notice', async () => {
    const notice = emojiNotice(await findEmojiPackages());
    for (const part of [
      'Noto Emoji by Google Inc',
      'MIT',
      'CC BY-SA 4.0',
      'https://creativecommons.org/licenses/by/4.0/',
    ]) {
      expect(notice).toContain(part);
    }
    expect(notice.split('\n').filter((line) => line.startsWith('- ')).length).toBe(7);
  });

  it('are named, with the line that installs them, when they are missing', () => {
    const message = missingPackages(['@iconify-json/noto', '@iconify-json/twemoji']);
    expect(message).toContain('npm install --save-dev @iconify-json/noto @iconify-json/twemoji');
  });
});

describe('the folder of pictures', () => {
  let root = '';
  let pictures: EmojiPictures;
  beforeEach(async () => {
    root = await mkdtemp(path.join(tmpdir(), 'emoji-'));
    const list = sets(['a', 'b']);
    pictures = await drawEmoji(chooseEmojiConcepts(list), list, 10);
  });
  afterEach(() => rm(root, { recursive: true }));
  const write = (folder: string) => writeEmojiFolder(folder, { pictures, origin: 'here' }, 'Drawn by many.\n');

  it('reads back as it was written, and is a folder of class folders', async () => {
    const folder = path.join(root, 'deep', 'emoji');
    await write(folder);
    expect(await readEmojiFolder(folder, 10, 'here')).toEqual(pictures);
    expect(await readFile(path.join(folder, 'NOTICE'), 'utf8')).toBe('Drawn by many.\n');
    const dataset = await loadDataset(folder);
    expect([dataset.classes, dataset.images.length]).toEqual([['a', 'b'], 10]);
    await write(folder);
    expect(await readdir(path.join(root, 'deep'))).toEqual(['emoji']);
  });

  it('is not used again if it is another one, incomplete or changed', async () => {
    const folder = path.join(root, 'emoji');
    expect(await readEmojiFolder(folder, 10, 'here')).toBeUndefined();
    await write(folder);
    expect(await readEmojiFolder(folder, 12, 'here')).toBeUndefined();
    expect(await readEmojiFolder(folder, 10, 'elsewhere')).toBeUndefined();
    const file = path.join(folder, 'a', 'noto.png');
    const before = await readFile(file);
    await sharp({ create: { width: 10, height: 10, channels: 3, background: '#fff' } })
      .png()
      .toFile(file);
    expect(await readEmojiFolder(folder, 10, 'here')).toBeUndefined();
    await writeFile(file, before);
    expect(await readEmojiFolder(folder, 10, 'here')).toBeDefined();
    await rm(file);
    expect(await readEmojiFolder(folder, 10, 'here')).toBeUndefined();
    await writeFile(path.join(folder, 'pictures.json'), '{');
    expect(await readEmojiFolder(folder, 10, 'here')).toBeUndefined();
  });

  it(`never replaces somebody else's files`, async () => {
    await mkdir(path.join(root, 'mine'));
    await writeFile(path.join(root, 'mine', 'letter.txt'), 'dear');
    await expect(write(path.join(root, 'mine'))).rejects.toThrow('it holds other files already; choose another folder');
    await expect(write(path.join(root, 'mine', 'letter.txt'))).rejects.toThrow(`cannot write the pictures to`);
    await expect(write(path.join(root, 'mine', 'letter.txt', 'x'))).rejects.toThrow('choose another folder');
    expect(await readdir(root)).toEqual(['mine']);
    expect(await readFile(path.join(root, 'mine', 'letter.txt'), 'utf8')).toBe('dear');
  });
});
