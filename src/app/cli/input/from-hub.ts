import path from 'node:path';
import type { TrunkChoices } from '../../../training/configuration/trunk-choices.ts';
import type { FetchedBackbone, FetchedFile } from '../../../training/hub/fetch-backbone.ts';
import { type HubAddress, hubAddressText, hubScheme, parseHubAddress } from '../../../training/hub/hub-address.ts';
import type { HubOptions } from '../../../training/hub/hub-snapshot.ts';
import type { Terminal } from '../output/terminal.ts';

/** An ONNX file as the backbone, with what is known of it from where it came. */
export type BackboneFile = Pick<
  TrunkChoices,
  'file' | 'linkedWithin' | 'origin' | 'usualSize' | 'normalization' | 'channels'
>;

/**
 * The file of a backbone that was named or addressed on the hub, fetched if it is not here, and how its repository says that
 * pixels enter it. Progress is shown; what was fetched is said in a line.
 *
 * @throws as `hubSettings` and `fetchBackbone` do.
 */
export async function backboneFromHub(
  address: HubAddress,
  terminal: Terminal,
  offline: boolean,
): Promise<BackboneFile> {
  const { fetchBackbone } = await import('../../../training/hub/fetch-backbone.ts');
  const found = await withProgress(terminal, offline, (options) => fetchBackbone(address, options));
  const { file, linkedWithin, origin, preparation } = found;
  terminal.note(`backbone: ${sourceText(found)}${pixelsText(found)}`);
  const { normalization, size, channels } = preparation ?? {};
  return {
    file,
    linkedWithin,
    origin,
    ...(normalization === undefined ? {} : { normalization }),
    ...(size === undefined ? {} : { usualSize: size }),
    ...(channels === undefined ? {} : { channels }),
  };
}

/** What a run that goes on is compared by: it has its backbone in its folder, and nothing is fetched. */
export function addressedBackbone(address: HubAddress): BackboneFile {
  return { file: hubAddressText(address), origin: address };
}

/**
 * The file of weights that somebody named: fetched if it is an address of the hub, else as it is.
 *
 * @throws as `parseHubAddress`, `hubSettings` and `fetchFile` do.
 */
export async function weightsFile(name: string, terminal: Terminal, offline: boolean): Promise<string> {
  if (!name.startsWith(hubScheme)) return name;
  const address = parseHubAddress(name);
  const { fetchFile } = await import('../../../training/hub/fetch-backbone.ts');
  const found = await withProgress(terminal, offline, (options) => fetchFile(address, options));
  terminal.note(`weights: ${sourceText(found)}`);
  return found.file;
}

/** Fetches with a bar for each file, in millions of bytes. */
async function withProgress<T>(
  terminal: Terminal,
  offline: boolean,
  work: (options: HubOptions) => Promise<T>,
): Promise<T> {
  const { hubSettings } = await import('../../../training/hub/hub-settings.ts');
  const settings = hubSettings();
  const bars = new Map<string, DownloadBar>();
  const barOf = (name: string, done: number) => {
    const bar = bars.get(name) ?? new DownloadBar(terminal, name, done);
    bars.set(name, bar);
    return bar;
  };
  try {
    return await work({
      settings: { ...settings, offline: settings.offline || offline },
      signal: terminal.signal,
      onProgress: (name, done, total) => barOf(name, done).update(done, total),
    });
  } finally {
    for (const bar of bars.values()) bar.clear();
  }
}

/** The bar of one file. Rate and time left are of the bytes that come now; those of an earlier attempt are said beside them. */
class DownloadBar {
  readonly #bar: ReturnType<Terminal['progress']>;
  readonly #before: number;

  constructor(terminal: Terminal, name: string, before: number) {
    this.#bar = terminal.progress(`fetching ${path.posix.basename(name)}`, 'MB');
    this.#before = before;
  }

  update(done: number, total: number): void {
    const note = this.#before === 0 ? '' : `${megabytes(this.#before)} MB were here`;
    this.#bar.update(megabytes(done - this.#before), megabytes(total - this.#before), note);
  }

  clear(): void {
    this.#bar.clear();
  }
}

const megabytes = (bytes: number) => Math.round(bytes / 1e5) / 10;

function sourceText({ origin, licence }: FetchedFile): string {
  return `${hubAddressText(origin)}${licence === undefined ? '' : `, licence ${licence}`}`;
}

function pixelsText({ preparation }: FetchedBackbone): string {
  if (preparation?.normalization !== undefined) return '';
  return '; its repository does not say how pixels enter it: if not as ImageNet has them, say so with --normalize';
}
