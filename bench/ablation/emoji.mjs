import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { emojiPictures } from '../../dist/app/demo/emoji.js';
import { loadDataset, splitByClassHash } from '../../dist/index.js';
import { selectClasses } from '../../dist/pictures/datasets/select-classes.js';

const require = createRequire(import.meta.url);
const packageFile = async (name, file) =>
  JSON.parse(await readFile(path.join(path.dirname(require.resolve(`${name}/package.json`)), file), 'utf8'));

/** Names as the icon packages write them. */
const slug = (label) =>
  label
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');

/** Sets that sort their icons by Unicode's groups, for concepts that Unicode's list does not have by their name. */
const grouped = ['noto', 'twemoji', 'openmoji', 'noto-v1', 'fluent-emoji-flat'];

/**
 * Emoji with their hierarchy, drawn into `work` or found there. Concepts are divided as everywhere in this project: sorted by
 * the SHA-1 of their names, the first half to learn from, the second to be judged on.
 *
 * Groups and subgroups are Unicode's, from `emojibase-data`. A concept that is not there under its name has the group that
 * a set of icons gives it, and a subgroup of its own; one without a group is left out.
 *
 * @param {string} work
 * @param {'concept' | 'subgroup'} level what a class is: `group/subgroup/concept`, or `group/subgroup` with all its concepts.
 */
export async function loadEmoji(work, level) {
  const folder = path.join(work, 'emoji');
  const { hash } = await emojiPictures(folder);
  const dataset = await loadDataset(folder);
  const paths = await conceptPaths(dataset.classes);
  const split = splitByClassHash(dataset.classes);
  const part = (concepts) => {
    const chosen = selectClasses(
      dataset,
      concepts.filter((concept) => paths.has(concept)),
    );
    return withClasses(chosen, (concept) => {
      const [group, subgroup] = paths.get(concept);
      return level === 'concept' ? `${group}/${subgroup}/${concept}` : `${group}/${subgroup}`;
    });
  };
  return { hash, train: part(split.train), test: part(split.test) };
}

/** The dataset with its classes under other names; classes of one name become one. */
function withClasses(dataset, nameOf) {
  const names = dataset.classes.map(nameOf);
  const classes = [...new Set(names)].sort();
  const numbers = new Map(classes.map((name, number) => [name, number]));
  const images = dataset.images.map((image) => ({ ...image, label: numbers.get(names[image.label]) }));
  return { ...dataset, images, classes };
}

/** Group and subgroup of each concept that has a group. */
async function conceptPaths(concepts) {
  const { groups, subgroups } = await packageFile('emojibase-data', 'meta/groups.json');
  const listed = new Map();
  for (const { label, group, subgroup } of await packageFile('emojibase-data', 'en/data.json')) {
    if (group !== undefined) listed.set(slug(label), [groups[group], subgroups[subgroup]]);
  }
  const groupOfIcon = new Map();
  for (const set of grouped) {
    const { categories } = await packageFile(`@iconify-json/${set}`, 'metadata.json');
    for (const [category, icons] of Object.entries(categories)) {
      const group = slug(category);
      if (!Object.values(groups).includes(group)) continue;
      for (const icon of icons) if (!groupOfIcon.has(icon)) groupOfIcon.set(icon, group);
    }
  }
  const paths = new Map();
  for (const concept of concepts) {
    const group = groupOfIcon.get(concept);
    const found = listed.get(concept) ?? (group === undefined ? undefined : [group, `only-${concept}`]);
    if (found !== undefined) paths.set(concept, found);
  }
  return paths;
}
