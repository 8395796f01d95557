// Draws the pictures that the packaged model learns from: node tools/packaged-model/make-pictures.mjs <folder> [--seed 0]
//
// <folder>/learn has a folder a class, named <kind>-<name>: icons and emoji of one name by many designers; things in several
// scenes, collages and textures in several views. <folder>/emoji is the demo's set; only concepts of its training half are
// drawn. <folder>/sources.md says what was drawn, by whom and under which licence. Needs `npm run build` in the clone and
// `npm install` in this folder.
import { existsSync } from 'node:fs';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import sharp from 'sharp';
import { emojiPictures } from '../../dist/app/demo/emoji.js';
import { mapBounded } from '../../dist/foundation/concurrency/bounded-concurrency.js';
import { splitByClassHash } from '../../dist/pictures/datasets/split.js';
import { chooseConcepts } from './icon-concepts.mjs';
import { drawIcon, drawSvg, placedIcon } from './icon-drawing.mjs';
import { randomOf } from './random.mjs';
import { collage, sceneSide, texture } from './scenes.mjs';
import { readEmojiSets, readIconSets } from './sources.mjs';
import { sourcesPage } from './sources-page.mjs';
import { placed, view } from './views.mjs';

/** Classes of each kind, and pictures of a class at most. */
const counts = {
  icon: { classes: 1000, pictures: 5 },
  emoji: { classes: Infinity, pictures: 5 },
  thing: { classes: 180, pictures: 5 },
  collage: { classes: 150, pictures: 5 },
  texture: { classes: 150, pictures: 5 },
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seed: { type: 'string', default: '0' } },
});
if (positionals.length !== 1) {
  console.error('usage: node tools/packaged-model/make-pictures.mjs <folder> [--seed 0]');
  process.exit(2);
}
await makePictures(positionals[0], Number(values.seed));

async function makePictures(folder, seed) {
  const learn = path.join(folder, 'learn');
  if (existsSync(learn) && (await readdir(learn)).some((name) => !/^(icon|emoji|thing|collage|texture)-/.test(name))) {
    throw new Error(`'${learn}' holds other files than this program makes: give another folder`);
  }
  await rm(learn, { recursive: true, force: true });
  const { concepts: names } = await emojiPictures(path.join(folder, 'emoji'));
  const { train, test } = splitByClassHash(names);
  const icons = chooseConcepts(readIconSets(), { fewest: 5, most: counts.icon.classes, without: new Set(test) });
  const emoji = emojiConcepts(readEmojiSets(), new Set(train));
  const drawn = new Map();
  const save = async (name, number, image, kind, sets) => {
    await mkdir(path.join(learn, `${kind}-${name}`), { recursive: true });
    await image.toFile(path.join(learn, `${kind}-${name}`, number));
    for (const set of sets) drawn.set(set, (drawn.get(set) ?? 0) + 1);
  };
  await drawConcepts({ kind: 'icon', concepts: icons, seed, save });
  await drawConcepts({ kind: 'emoji', concepts: emoji, seed, save });
  const coloured = emoji.flatMap(({ drawings }) => drawings.flat().filter(({ set }) => set.coloured));
  await drawThings({ coloured, seed, save });
  const parts = [...coloured, ...icons.flatMap(({ drawings }) => drawings.map(([first]) => first))];
  await drawScenes({ kind: 'collage', scene: (random) => collage(random, parts), seed, save });
  await drawScenes({ kind: 'texture', scene: texture, seed, save });
  await writeFile(path.join(folder, 'sources.md'), sourcesPage(drawn));
}

/** The emoji of these names, designer by designer. */
function emojiConcepts(sets, names) {
  const drawingOf = (set, name) => {
    const icon = set.icons[name] ? name : set.aliases[name]?.parent;
    return set.icons[icon] ? [[{ set, icon }]] : [];
  };
  return [...names].map((name) => ({ name, drawings: sets.flatMap((set) => drawingOf(set, name)) }));
}

async function drawConcepts({ kind, concepts, seed, save }) {
  await mapBounded(concepts, 4, async ({ name, drawings }) => {
    const random = randomOf(seed, `${kind} ${name}`);
    for (const ofDesigner of random.some(drawings, counts[kind].pictures)) {
      const drawing = random.pick(ofDesigner);
      const image = await drawIcon(drawing, random);
      if (image) await save(name, `${drawing.set.name}.png`, image, kind, [drawing.set]);
    }
  });
}

/** Emoji as things, on plain grey and before blurred scenes. */
async function drawThings({ coloured, seed, save }) {
  const numbers = Array.from({ length: counts.thing.classes }, (_, number) => number);
  await mapBounded(numbers, 4, async (number) => {
    const random = randomOf(seed, `thing ${number}`);
    const drawing = random.pick(coloured);
    const thing = await drawSvg(260, placedIcon(drawing, { x: 0, y: 0, side: 260, ink: 'black' }))
      .png()
      .toBuffer();
    for (let place = 0; place < counts.thing.pictures; place++) {
      const scene = random.chance(0.6) ? await texture(random).png().toBuffer() : undefined;
      const name = String(number).padStart(4, '0');
      await save(name, `${place}.jpg`, await placed(thing, scene, random), 'thing', [drawing.set]);
    }
  });
}

async function drawScenes({ kind, scene, seed, save }) {
  const numbers = Array.from({ length: counts[kind].classes }, (_, number) => number);
  await mapBounded(numbers, 4, async (number) => {
    const random = randomOf(seed, `${kind} ${number}`);
    const pixels = await sharp(await scene(random).png().toBuffer())
      .removeAlpha()
      .toColourspace('srgb')
      .raw()
      .toBuffer();
    for (let place = 0; place < counts[kind].pictures; place++) {
      const name = String(number).padStart(4, '0');
      await save(name, `${place}.jpg`, await view(pixels, sceneSide, random), kind, []);
    }
  });
}
