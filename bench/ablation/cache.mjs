import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { writeJsonAtomically } from '../../dist/foundation/files/write-atomically.js';

/** First 16 hexadecimal digits of the SHA-256 of a configuration: a plain object, keys in any order. */
export function hashOf(configuration) {
  const sorted = (_, value) =>
    value !== null && typeof value === 'object' && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value;
  return createHash('sha256').update(JSON.stringify(configuration, sorted)).digest('hex').slice(0, 16);
}

/** Where the result of a run is, or will be. */
export const resultFile = (folder, name, seed) => path.join(folder, `${name}-${seed}.json`);

/** The result of an earlier run of the very same configuration, or undefined. */
export async function cachedResult(file, hash) {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const result = JSON.parse(text);
  return result.hash === hash ? result : undefined;
}

/** Writes a result so that the file is whole at every moment. */
export async function keepResult(file, result) {
  await mkdir(path.dirname(file), { recursive: true });
  await writeJsonAtomically(file, result);
}

/** All results of a folder. */
export async function allResults(folder) {
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.json')).sort();
  return Promise.all(names.map(async (name) => JSON.parse(await readFile(path.join(folder, name), 'utf8'))));
}
