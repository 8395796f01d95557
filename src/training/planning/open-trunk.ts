import { createHash } from 'node:crypto';
import { suggestion } from '../../foundation/arguments/nearest-name.ts';
import { ModelError } from '../../foundation/errors/model-error.ts';
import { ownPropertyPrefix } from '../../foundation/own-property.ts';
import type { Value } from '../../graph/builder/graph.ts';
import { checkTrunk } from '../../ranking/backbones/check-trunk.ts';
import { cutPoints, noCutReason } from '../../ranking/backbones/cut-points.ts';
import {
  type ForeignNetwork,
  type ForeignNetworkOptions,
  openForeignNetwork,
} from '../../ranking/backbones/foreign-network.ts';
import { cutTrunk, type Trunk } from '../../ranking/backbones/trunk.ts';
import type { NetworkConfig } from '../../ranking/networks/network-config.ts';
import type { TrunkConfig } from '../../ranking/networks/trunk-config.ts';
import { type Normalization, normalizations, type TrunkChoices } from '../configuration/trunk-choices.ts';
import { checkOpenedBatch } from './check-opened-batch.ts';
import { readBackbone } from './read-backbone.ts';

/** A trunk and the bytes of its file. */
export interface OpenedTrunk {
  readonly trunk: Trunk;
  readonly bytes: Uint8Array;
}

/** How a trunk is chosen. */
export interface ChooseTrunkOptions {
  /** Pixels a side; default: the file's own, or the usual ones where it leaves them open. */
  readonly size?: number;
  /** True if pictures are changed from step to step, so that features cannot be computed once. */
  readonly augmented: boolean;
  /** True to cut where the structure of the network suggests it, where nobody said where. Default: that is refused. */
  readonly suggestCut?: boolean;
}

/**
 * The trunk that a user asks for. Its features are cached where none of its weights is learnt and `augmented` is false.
 *
 * @throws if the file cannot be read or is no network for pictures; if there is no tensor of a name that was given; or as
 * `cutTrunk`, `checkTrunk` and `checkOpenedBatch` do. The message names the file.
 */
export async function chooseTrunk(
  choices: TrunkChoices,
  { size, augmented, suggestCut = false }: ChooseTrunkOptions,
): Promise<OpenedTrunk> {
  const bytes = await readBackbone(choices.file, choices.linkedWithin);
  const opened = explaining(choices.file, () => {
    const network = openForeignNetwork(bytes, {
      ...(size === undefined ? {} : { size }),
      ...(choices.usualSize === undefined ? {} : { usualSize: choices.usualSize }),
      ...(choices.layout === undefined ? {} : { layout: choices.layout }),
    });
    const { freeze = 'all', channels = 'rgb' } = choices;
    const config: TrunkConfig = {
      sha256: sha256Of(bytes),
      ...(choices.origin === undefined ? {} : { origin: choices.origin }),
      cut: choices.cut ?? (suggestCut ? suggestedCut(network) : (ownEmbedding(network) ?? refuseNoCut(network))),
      frozen: freeze === 'all' || freeze === 'none' ? freeze : { upTo: freeze },
      ...(choices.cutChannels === undefined ? {} : { cutChannels: choices.cutChannels }),
      layout: network.layout,
      channels,
      ...normalizationOf(choices, network),
      cached: false,
    };
    const trunk = namedCut(network, config);
    return { trunk: { ...trunk, config: { ...config, cached: trunk.learnt.length === 0 && !augmented } }, bytes };
  });
  await checkOpenedBatch(bytes, opened.trunk).catch((error: unknown) => {
    throw unusable(choices.file, error);
  });
  return opened;
}

/**
 * The trunk of a run's configuration, from the copy of its file in the run's folder.
 *
 * @throws as `chooseTrunk` does, and if the file is not the one that the run was started with.
 */
export async function readTrunk(file: string, network: NetworkConfig): Promise<Trunk | undefined> {
  const { trunk: config, width, height } = network;
  if (config === undefined) return undefined;
  const bytes = await readBackbone(file);
  return explaining(file, () => {
    const found = sha256Of(bytes);
    if (found !== config.sha256) {
      throw new ModelError(
        `its SHA-256 is ${found}, but the run was started with ${config.sha256}: bring that file back, or start a new run`,
      );
    }
    return namedCut(openForeignNetwork(bytes, { size: { width, height }, layout: config.layout }), config);
  });
}

/**
 * Reads an ONNX file and opens it as a network for pictures of a size; see `openForeignNetwork`. The message of what it throws
 * names the file.
 */
export async function openBackboneFile(
  file: string,
  { linkedWithin, ...options }: Omit<ForeignNetworkOptions, 'keepBatch'> & Pick<TrunkChoices, 'linkedWithin'> = {},
): Promise<ForeignNetwork> {
  const bytes = await readBackbone(file, linkedWithin);
  return explaining(file, () => openForeignNetwork(bytes, options));
}

function namedCut(network: ForeignNetwork, config: TrunkConfig): Trunk {
  const { frozen } = config;
  const cut = tensorNamed(network, config.cut);
  const kept = typeof frozen === 'string' ? frozen : tensorNamed(network, frozen.upTo);
  const trunk = cutTrunk(network, { cut, frozen: kept }, config);
  checkTrunk(trunk);
  return trunk;
}

function tensorNamed({ graph, unread }: ForeignNetwork, name: string): Value {
  const computed = [...graph.nodes.flatMap(({ outputs }) => outputs)];
  const found = computed.find((value) => value.name === name);
  if (found !== undefined) return found;
  const behind = unread.find(({ outputs }) => outputs.includes(name));
  if (behind !== undefined) throw new ModelError(`its tensor '${name}' cannot be read: ${behind.reason}`);
  const names = computed.map((value) => value.name);
  throw new ModelError(
    `it computes no tensor '${name}'${suggestion(name, names)} ('lookalike cut-points' lists where it can be cut)`,
  );
}

/** What goes into the global pool; else what goes into the classifier; else the last features that there are. */
function suggestedCut(network: ForeignNetwork): string {
  const points = cutPoints(network).filter(({ axes }) => axes !== undefined);
  const best =
    points.find(({ suggested }) => suggested === 'features') ??
    points.find(({ suggested }) => suggested === 'vector') ??
    points.at(-1);
  return best === undefined ? refuseNoCut(network) : best.value.name;
}

/** The embedding of a model file of ours: whoever goes on from one, goes on from what it has learnt. */
function ownEmbedding({ graph }: ForeignNetwork): string | undefined {
  return graph.metadata.has(`${ownPropertyPrefix}network`) ? 'embedding' : undefined;
}

function refuseNoCut(network: ForeignNetwork): never {
  const points = cutPoints(network);
  const reason = noCutReason(network, points);
  if (reason !== undefined) throw new ModelError(reason);
  const best = points.find(({ suggested }) => suggested === 'features');
  throw new ModelError(
    `choices.trunk.cut has to say which of its tensors is used${best === undefined ? '' : `; the best is probably '${best.value.name}'`} ('lookalike cut-points' lists them)`,
  );
}

function normalizationOf({ normalization }: TrunkChoices, { image }: ForeignNetwork): MutableNormalization {
  const bytes = image.type === 'uint8';
  const chosen = normalization ?? (bytes ? 'none' : 'imagenet');
  if (bytes && chosen !== 'none') {
    throw new ModelError(
      `its input '${image.name}' takes bytes, so it normalises pictures itself: use choices.trunk.normalization: 'none', or leave it out`,
    );
  }
  const { mean, deviation } = typeof chosen === 'string' ? normalizations[chosen] : chosen;
  return { mean: [...mean], deviation: [...deviation] };
}

type MutableNormalization = { -readonly [Key in keyof Normalization]: [number, number, number] };

const sha256Of = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

function explaining<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw unusable(file, error);
  }
}

function unusable(file: string, error: unknown): Error {
  return new ModelError(`cannot use '${file}' as a backbone: ${(error as Error).message}`, { cause: error });
}
