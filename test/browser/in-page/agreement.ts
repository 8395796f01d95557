// What a page makes of pictures, of a model and of a training step, to be compared with what Node makes of them.

import { BrowserPicture } from '../../../src/app/alone/pictures/browser-picture.ts';
import { pictureRow } from '../../../src/app/alone/pictures/picture-rows.ts';
import { PageModel } from '../../../src/app/alone/worker/page-model.ts';
import { concatenated } from '../../../src/catalogue/embedding/fixed-batches.ts';
import type { WebProvider } from '../../../src/engines/web/web-engine.ts';
import { toBase64 } from '../../../src/foundation/text/base64.ts';
import type { Tensor } from '../../../src/graph/tensor/tensor.ts';
import { tensor } from '../../../src/graph/tensor/tensor.ts';
import type { TrainingConfig } from '../../../src/training/configuration/training-config.ts';
import { Trainer } from '../../../src/training/step/trainer.ts';
import { webEngine } from './web-runtime.ts';

const blobOf = async (address: string) => (await fetch(address)).blob();
const bytesOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView) =>
  toBase64(new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength));

/** A decoded picture, or why it is refused. */
async function decode(address: string, background: string) {
  const picture = await BrowserPicture.of(await blobOf(address), address).catch((error: Error) => error.message);
  if (typeof picture === 'string') return { refused: picture };
  const { width, height, data } = picture.pixels(background);
  picture.free();
  return { width, height, data: bytesOf(data) };
}

/** The embeddings of pictures by a model, one row each. */
async function embed(model: string, addresses: readonly string[]) {
  const bytes = new Uint8Array(await (await blobOf(model)).arrayBuffer());
  const engine = await webEngine('wasm');
  const loaded = await PageModel.open(model, bytes, engine);
  const rows: Uint8Array[] = [];
  for (const address of addresses) {
    const file = await blobOf(address);
    rows.push((await pictureRow({ id: address, file }, loaded.metadata.preprocessing)).pixels);
  }
  const vectors = await loaded.embed(concatenated(rows));
  await engine.close();
  return { rows: bytesOf(concatenated(rows)), vectors: bytesOf(vectors) };
}

/** What is trained, and by which pictures. */
interface Steps {
  readonly config: TrainingConfig;
  /** The address of the pixels of one batch. */
  readonly image: string;
  readonly labels: readonly number[];
  readonly steps: number;
  readonly provider?: WebProvider;
}

/** Losses of a few steps on one batch, and the weights after them. */
async function train({ config, image, labels, steps, provider = 'wasm' }: Steps) {
  const engine = await webEngine(provider);
  const trainer = await Trainer.create(engine, config);
  const { width, height } = config.network;
  const losses: number[] = [];
  const pixels = new Uint8Array(await (await blobOf(image)).arrayBuffer());
  for (let step = 1; step <= steps; step++) {
    const batch = { image: tensor('uint8', [labels.length, height, width, 3], pixels), labels, augmentation: {} };
    losses.push((await trainer.step(batch, step, 0.003)).loss);
  }
  const weights = [...(await trainer.weights())].map(([name, { data }]: [string, Tensor]) => [name, bytesOf(data)]);
  await trainer.close();
  await engine.close();
  return { losses, weights: Object.fromEntries(weights) as Record<string, string> };
}

Object.assign(globalThis, { agreement: { decode, embed, train } });
