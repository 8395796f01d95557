import { copyFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { readModel } from '../../catalogue/embedding/model-file.ts';
import { builtAlonePage } from '../../foundation/built-page.ts';
import { UsageError } from '../../foundation/errors/usage-error.ts';
import { codeOf, fileError } from '../../foundation/files/file-error.ts';
import { makeFolders } from '../../foundation/files/make-folders.ts';
import { writeAtomically } from '../../foundation/files/write-atomically.ts';
import { advance, type LongWork } from '../../foundation/progress/progress.ts';
import type { ImageDataset } from '../../pictures/datasets/dataset.ts';
import { onnxruntimeLicence } from './onnxruntime-licence.ts';
import { onnxruntimeWebFiles } from './onnxruntime-web-files.ts';
import type { SiteManifest } from './site-manifest.ts';

/** What goes into a site. */
export interface WriteSiteOptions extends LongWork {
  /** The model file that the page loads. */
  readonly model: string;
  /** What the page calls it. */
  readonly modelName: string;
  /** Pictures that the page searches from the start. Default: those that somebody gives it. */
  readonly pictures?: ImageDataset | undefined;
}

/** What was written. */
export interface WrittenSite {
  /** Files in the folder, and how many of them are pictures. */
  readonly files: number;
  readonly pictures: number;
}

/** The file that says what lies beside the page; it is written last. */
const manifest = 'alone.json';
/** The page's script; it is written first, so that a folder in which writing ended early is known for a page's. */
const script = 'alone.js';

/**
 * Writes the page that needs no service into a folder, as files that any web server serves: the page, onnxruntime-web, a model,
 * and pictures if there are any. An earlier site in the folder is replaced, and one that was begun is written whole; pictures of it that are no longer given stay in the
 * folder, but not on the page.
 *
 * @throws UsageError if the folder has other things in it, or a picture is no file; ModelError if the model is none of ours;
 * EngineError if onnxruntime-web is not installed; FileError if a file cannot be copied.
 */
export async function writeSite(folder: string, options: WriteSiteOptions): Promise<WrittenSite> {
  const { model, modelName, pictures } = options;
  await refuseOthers(folder);
  await readModel(model);
  const runtime = await onnxruntimeWebFiles();
  const others = (await readdir(builtAlonePage)).filter((name) => name !== script);
  const own = [script, ...others].map((name) => ({ name, path: path.join(builtAlonePage, name) }));
  const copies = [
    ...own,
    ...runtime.map(({ name, path: from }) => ({ name: `onnxruntime/${name}`, path: from })),
    { name: 'model.onnx', path: model },
    ...pictureFiles(pictures),
  ];
  for (const [done, { name, path: from }] of copies.entries()) {
    advance(options, { work: 'copying', unit: 'files', done, total: copies.length });
    await copied(from, path.join(folder, name));
  }
  const encoder = new TextEncoder();
  await writeAtomically(path.join(folder, 'onnxruntime', 'LICENSE.txt'), encoder.encode(onnxruntimeLicence));
  const said: SiteManifest = {
    model: { file: 'model.onnx', name: modelName },
    pictures: pictures?.images.map(({ id }) => id) ?? [],
  };
  await writeAtomically(path.join(folder, manifest), encoder.encode(`${JSON.stringify(said)}\n`));
  advance(options, { work: 'copying', unit: 'files', done: copies.length, total: copies.length });
  return { files: copies.length + 2, pictures: said.pictures.length };
}

/** Copies a file into a folder that is made if need be. @throws FileError naming both places. */
async function copied(from: string, to: string): Promise<void> {
  try {
    await makeFolders(path.dirname(to));
    await copyFile(from, to);
  } catch (error) {
    throw fileError(`copy '${from}' to`, to, error);
  }
}

/** @throws UsageError if the folder is no site, whole or begun, and not empty. */
async function refuseOthers(folder: string): Promise<void> {
  const names = await readdir(folder).catch((error: unknown): string[] => {
    if (codeOf(error) === 'ENOENT') return [];
    throw fileError('write a page into', folder, error);
  });
  if (names.length === 0 || names.includes(manifest) || names.includes(script)) return;
  throw new UsageError(
    `the folder '${folder}' has other things in it ('${names[0]}'): name a folder that is new, empty, or an earlier page's`,
    { path: 'folder', expected: 'a folder that is new or empty', value: folder },
  );
}

function pictureFiles(pictures: ImageDataset | undefined): { readonly name: string; readonly path: string }[] {
  return (pictures?.images ?? []).map(({ id, source }) => {
    if (source.kind === 'file') return { name: `pictures/${id}`, path: source.path };
    throw new UsageError(`'${id}' is no picture file: a page takes a folder of pictures`, {
      path: 'pictures',
      expected: 'a folder of pictures',
    });
  });
}
