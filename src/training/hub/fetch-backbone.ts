import path from 'node:path';
import { DownloadError } from '../../foundation/errors/download-error.ts';
import { readOrdinaryFile } from '../../foundation/files/ordinary-file.ts';
import { decodeModel } from '../../graph/onnx/decode-model.ts';
import { externalPlaces } from '../../graph/onnx/external-data.ts';
import type { TrunkOrigin } from '../../ranking/networks/trunk-config.ts';
import { type HubAddress, hubAddressText, isPlainName } from './hub-address.ts';
import { type HubOptions, HubSnapshot } from './hub-snapshot.ts';
import { type PixelPreparation, readPreprocessorConfig, readTimmConfig } from './pixel-preparation.ts';

/** A file of the hub on this machine. */
export interface FetchedFile {
  readonly file: string;
  readonly origin: TrunkOrigin;
  /** As the repository states it; undefined where it does not, or nothing had to be asked for. */
  readonly licence: string | undefined;
}

/** A network of the hub on this machine, with all that belongs to it. */
export interface FetchedBackbone extends FetchedFile {
  /** The folder that its files lie in: what is in the model's folder are links into it. */
  readonly linkedWithin: string;
  /** Undefined if the repository says nothing of pixels. */
  readonly preparation: PixelPreparation | undefined;
}

/** What repositories say of pixels in: transformers' file, else timm's. */
const configFiles = [
  ['preprocessor_config.json', readPreprocessorConfig],
  ['config.json', readTimmConfig],
] as const;

/**
 * The file of an address, fetched into the hub's cache unless it is there.
 *
 * @throws as `HubSnapshot` does.
 */
export async function fetchFile(address: HubAddress, options: HubOptions): Promise<FetchedFile> {
  const snapshot = await HubSnapshot.open(address, options);
  const file = await required(snapshot, address, address.path);
  await snapshot.remember();
  return fetched(snapshot, address, file);
}

/**
 * The ONNX file of an address with the files that hold its weights and those that say how pixels enter it, fetched into the hub's
 * cache unless they are there.
 *
 * @throws as `HubSnapshot` does; DownloadError if the file is no ONNX model, or names a file of weights that the repository does
 * not have.
 */
export async function fetchBackbone(address: HubAddress, options: HubOptions): Promise<FetchedBackbone> {
  const snapshot = await HubSnapshot.open(address, options);
  const file = await required(snapshot, address, address.path);
  for (const location of await weightsBeside(file, address)) {
    await required(snapshot, address, path.posix.join(path.posix.dirname(address.path), location));
  }
  const preparation = await statedPreparation(snapshot, address);
  await snapshot.remember();
  return { ...fetched(snapshot, address, file), linkedWithin: snapshot.folder, preparation };
}

function fetched({ commit, licence }: HubSnapshot, { repository, path }: HubAddress, file: string): FetchedFile {
  return { file, licence, origin: { repository, revision: commit, path } };
}

async function required(snapshot: HubSnapshot, address: HubAddress, name: string): Promise<string> {
  const file = await snapshot.file(name);
  if (file !== undefined) return file;
  if (name === address.path)
    throw new DownloadError(`${address.repository} has no file '${name}' in ${snapshot.commit}`);
  throw new DownloadError(
    `${hubAddressText(address)} has weights in '${name}', which its repository does not have: use another file of it`,
  );
}

/** The files, in the model's folder or below, that hold weights; what lies elsewhere is refused where the model is read. */
async function weightsBeside(file: string, address: HubAddress): Promise<ReadonlySet<string>> {
  try {
    const places = externalPlaces(decodeModel(await readOrdinaryFile(file)));
    return new Set(places.map(({ location }) => location).filter((location) => location.split('/').every(isPlainName)));
  } catch (error) {
    throw new DownloadError(`${hubAddressText(address)} is no ONNX model: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

async function statedPreparation(snapshot: HubSnapshot, address: HubAddress): Promise<PixelPreparation | undefined> {
  for (const [name, read] of configFiles) {
    const file = await snapshot.file(name);
    const text = file === undefined ? undefined : (await readOrdinaryFile(file)).toString();
    const said = text === undefined ? undefined : read(text, `'${name}' of ${address.repository}`);
    if (said !== undefined) return said;
  }
  return undefined;
}
