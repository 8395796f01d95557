import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { z } from 'zod';
import { FileError } from '../../foundation/errors/file-error.ts';

/** The emoji sets that are compared, one a designer, in the order of precedence. */
export const emojiSetNames = [
  'noto',
  'twemoji',
  'openmoji',
  'fluent-emoji-flat',
  'emojione',
  'noto-v1',
  'fxemoji',
] as const;

/** One of `emojiSetNames`: the last part of its package's name. */
export type EmojiSetName = (typeof emojiSetNames)[number];

const iconFileSchema = z.object({
  icons: z.record(
    z.string(),
    z.object({
      body: z.string(),
      width: z.number().optional(),
      height: z.number().optional(),
      left: z.number().optional(),
      top: z.number().optional(),
    }),
  ),
  aliases: z
    .record(
      z.string(),
      z.object({
        parent: z.string(),
        rotate: z.number().optional(),
        hFlip: z.boolean().optional(),
        vFlip: z.boolean().optional(),
      }),
    )
    .optional(),
  width: z.number().optional(),
  height: z.number().optional(),
  left: z.number().optional(),
  top: z.number().optional(),
});

const infoFileSchema = z.object({
  name: z.string(),
  author: z.object({ name: z.string(), url: z.string().optional() }),
  license: z.object({ title: z.string(), spdx: z.string().optional(), url: z.string().optional() }),
});

/** The pictures of a set as SVG bodies, with the size of their canvas. */
export type EmojiIcons = z.infer<typeof iconFileSchema>;
/** Who made a set, and under which licence. */
export type EmojiInfo = z.infer<typeof infoFileSchema>;

/** The package of one designer's emoji. */
export interface EmojiPackage {
  readonly name: EmojiSetName;
  readonly version: string;
  readonly info: EmojiInfo;
  /** Where it is installed. */
  readonly folder: string;
}

/** One designer's emoji. */
export interface EmojiSet {
  readonly name: EmojiSetName;
  readonly icons: EmojiIcons;
}

/**
 * Finds the packages `@iconify-json/<name>` of all emoji sets, from this package or from the working directory.
 *
 * @throws if packages are missing, with the line that installs them; or if one does not hold what is expected.
 */
export async function findEmojiPackages(): Promise<EmojiPackage[]> {
  const folders = emojiSetNames.map((name) => ({ name, folder: findPackage(`@iconify-json/${name}`) }));
  const missing = folders.filter(({ folder }) => folder === undefined);
  if (missing.length > 0) throw new FileError(missingPackages(missing.map(({ name }) => `@iconify-json/${name}`)));
  return Promise.all(folders.map(({ name, folder }) => describePackage(name, folder!)));
}

/** Reads the pictures of the packages, all of them SVG. @throws if a package does not hold what is expected. */
export async function readEmojiSets(packages: readonly EmojiPackage[]): Promise<EmojiSet[]> {
  return Promise.all(
    packages.map(async ({ name, folder }) => ({
      name,
      icons: await readJson(path.join(folder, 'icons.json'), iconFileSchema),
    })),
  );
}

/** What to say when packages are missing. */
export function missingPackages(packages: readonly string[]): string {
  return (
    `the demo draws its pictures from packages that are not installed: ${packages.join(', ')}; ` +
    `run: npm install --save-dev ${packages.join(' ')}`
  );
}

async function describePackage(name: EmojiSetName, folder: string): Promise<EmojiPackage> {
  const { version } = await readJson(path.join(folder, 'package.json'), z.object({ version: z.string() }));
  return { name, version, info: await readJson(path.join(folder, 'info.json'), infoFileSchema), folder };
}

async function readJson<T>(file: string, schema: z.ZodType<T>): Promise<T> {
  try {
    return schema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (error) {
    throw new FileError(`'${file}' is not what an emoji package holds: ${(error as Error).message}; install it again`, {
      cause: error,
    });
  }
}

function findPackage(name: string): string | undefined {
  for (const from of [import.meta.url, path.join(process.cwd(), 'package.json')]) {
    try {
      return path.dirname(createRequire(from).resolve(`${name}/package.json`));
    } catch {
      // Not there: the next place is asked.
    }
  }
  return undefined;
}
