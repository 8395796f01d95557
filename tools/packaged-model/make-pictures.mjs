// Draws the pictures that the packaged model learns from: node tools/packaged-model/make-pictures.mjs <folder> [--seed 0] [--unseen]
//
// <folder>/learn has a folder a class, named <kind>-<name>: icons and emoji of one name by many designers; things in several
// scenes, collages and textures in several views. <folder>/emoji is the demo's set; only concepts of its training half are
// drawn. <folder>/sources.md says what was drawn, by whom and under which licence. With --unseen <folder>/unseen has pictures of
// the same kinds that the model has not learnt, and is calibrated by: the icons that come after those, emoji of the other half,
// and scenes of both. Needs `npm run build` in the clone and `npm install` in this folder.
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

/** Pictures of a class, at most. */
const pictures = 5;
/** Classes of each kind, and designers of an icon at least: those that are learnt, and those that are calibrated by. */
const learnt = { icon: 1000, designers: 5, emoji: Infinity, thing: 180, collage: 150, texture: 150 };
const calibrated = { icon: 200, designers: 4, emoji: 200, thing: 200, collage: 200, texture: 200 };

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seed: { type: 'string', default: '0' }, unseen: { type: 'boolean', default: false } },
});
if (positionals.length !== 1) {
  console.error('usage: node tools/packaged-model/make-pictures.mjs <folder> [--seed 0] [--unseen]');
  process.exit(2);
}
const [folder] = positionals;
const seed = Number(values.seed);
const counts = values.unseen ? calibrated : learnt;
/** In the name of every random source, so that what is calibrated by is drawn otherwise. */
const drawnAs = values.unseen ? 'unseen ' : '';
await makePictures();

async function makePictures() {
  const classes = path.join(folder, values.unseen ? 'unseen' : 'learn');
  if (
    existsSync(classes) &&
    (await readdir(classes)).some((name) => !/^(icon|emoji|thing|collage|texture)-/.test(name))
  ) {
    throw new Error(`'${classes}' holds other files than this program makes: give another folder`);
  }
  await rm(classes, { recursive: true, force: true });
  const { concepts: names } = await emojiPictures(path.join(folder, 'emoji'));
  const { train, test } = splitByClassHash(names);
  const icons = iconConcepts(new Set(test));
  const emoji = emojiConcepts(readEmojiSets(), new Set(values.unseen ? test.slice(0, counts.emoji) : train));
  const drawn = new Map();
  const save = async (name, number, image, kind, sets) => {
    await mkdir(path.join(classes, `${kind}-${name}`), { recursive: true });
    await image.toFile(path.join(classes, `${kind}-${name}`, number));
    for (const set of sets) drawn.set(set, (drawn.get(set) ?? 0) + 1);
  };
  await drawConcepts({ kind: 'icon', concepts: icons, save });
  await drawConcepts({ kind: 'emoji', concepts: emoji, save });
  const coloured = emoji.flatMap(({ drawings }) => drawings.flat().filter(({ set }) => set.coloured));
  await drawThings({ coloured, save });
  const parts = [...coloured, ...icons.flatMap(({ drawings }) => drawings.map(([first]) => first))];
  await drawScenes({ kind: 'collage', scene: (random) => collage(random, parts), save });
  await drawScenes({ kind: 'texture', scene: texture, save });
  await writeFile(path.join(folder, values.unseen ? 'unseen-sources.md' : 'sources.md'), sourcesPage(drawn));
}

/** The icons with the most designers, but for names of emoji that the demo is judged on; or those that come after them. */
function iconConcepts(without) {
  const sets = readIconSets();
  const first = chooseConcepts(sets, { fewest: learnt.designers, most: learnt.icon, without });
  if (!values.unseen) return first;
  const known = new Set([...without, ...first.map(({ name }) => name)]);
  return chooseConcepts(sets, { fewest: counts.designers, most: counts.icon, without: known });
}

/** The emoji of these names, designer by designer. */
function emojiConcepts(sets, names) {
  const drawingOf = (set, name) => {
    const icon = set.icons[name] ? name : set.aliases[name]?.parent;
    return set.icons[icon] ? [[{ set, icon }]] : [];
  };
  return [...names].map((name) => ({ name, drawings: sets.flatMap((set) => drawingOf(set, name)) }));
}

async function drawConcepts({ kind, concepts, save }) {
  await mapBounded(concepts, 4, async ({ name, drawings }) => {
    const random = randomOf(seed, `${drawnAs}${kind} ${name}`);
    for (const ofDesigner of random.some(drawings, pictures)) {
      const drawing = random.pick(ofDesigner);
      const image = await drawIcon(drawing, random);
      if (image) await save(name, `${drawing.set.name}.png`, image, kind, [drawing.set]);
    }
  });
}

/** Emoji as things, on plain grey and before blurred scenes. */
async function drawThings({ coloured, save }) {
  const numbers = Array.from({ length: counts.thing }, (_, number) => number);
  await mapBounded(numbers, 4, async (number) => {
    const random = randomOf(seed, `${drawnAs}thing ${number}`);
    const drawing = random.pick(coloured);
    const thing = await drawSvg(260, placedIcon(drawing, { x: 0, y: 0, side: 260, ink: 'black' }))
      .png()
      .toBuffer();
    for (let place = 0; place < pictures; place++) {
      const scene = random.chance(0.6) ? await texture(random).png().toBuffer() : undefined;
      const name = String(number).padStart(4, '0');
      await save(name, `${place}.jpg`, await placed(thing, scene, random), 'thing', [drawing.set]);
    }
  });
}

async function drawScenes({ kind, scene, save }) {
  const numbers = Array.from({ length: counts[kind] }, (_, number) => number);
  await mapBounded(numbers, 4, async (number) => {
    const random = randomOf(seed, `${drawnAs}${kind} ${number}`);
    const pixels = await sharp(await scene(random).png().toBuffer())
      .removeAlpha()
      .toColourspace('srgb')
      .raw()
      .toBuffer();
    for (let place = 0; place < pictures; place++) {
      const name = String(number).padStart(4, '0');
      await save(name, `${place}.jpg`, await view(pixels, sceneSide, random), kind, []);
    }
  });
}
