// Which package a bundled module is of, and what its licence asks to be kept with copies of it.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** `@scope/name/rest` is of the package `@scope/name`. @param {string} id */
export function packageOf(id) {
  return id
    .split('/')
    .slice(0, id.startsWith('@') ? 2 : 1)
    .join('/');
}

/** The folder of the package that a module is of; none for a module of ours. @param {string} id */
export function packageFolder(id) {
  const place = id.lastIndexOf('/node_modules/');
  if (place < 0) return [];
  const inside = id.slice(place + '/node_modules/'.length);
  return [path.join(id.slice(0, place), 'node_modules', packageOf(inside))];
}

/** What the licence of a package asks to be kept with copies of it. @param {string} folder */
export function licence(folder) {
  const { name, version, license } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  if (file === undefined && !license.includes('Apache-2.0'))
    throw new Error(`${name} has no licence file to be kept with it`);
  const text =
    file === undefined
      ? 'The Apache License 2.0 is in the file LICENSE of this package; what else applies is said in the code where it does.'
      : readFileSync(path.join(folder, file), 'utf8').trim();
  return `${name} ${version} (${license})\n\n${text}\n\n${'-'.repeat(80)}\n`;
}
