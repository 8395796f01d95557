import { mkdtemp, rm } from 'node:fs/promises';
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { loadModel } from '../../src/catalogue/embedding/embedder.ts';
import type { Catalogue } from '../../src/catalogue/mirror/catalogue.ts';
import { openCatalogue } from '../../src/catalogue/mirror/open-catalogue.ts';
import { WorkerEngine } from '../../src/engines/worker/worker-engine.ts';
import { PreparationPool } from '../../src/pictures/preparation/preparation-pool.ts';
import { type RunningService, type ServiceOptions, startService } from '../../src/service/http/start-service.ts';
import { makePictures } from '../fixtures/make-pictures.ts';
import { writeTinyModel } from '../fixtures/tiny-model.ts';

/** A catalogue to be served: pictures, a tiny model in a thread, threads that decode. */
export interface ServedCatalogue {
  readonly folder: string;
  readonly catalogue: Catalogue;
  readonly preparation: PreparationPool;
  /** Starts a service at any free port, which `remove` closes if it is not. */
  start(options?: Partial<ServiceOptions>): Promise<RunningService>;
  remove(): Promise<void>;
}

/** 4 classes of 3 pictures, indexed. */
export async function serveCatalogue(): Promise<ServedCatalogue> {
  const folder = await mkdtemp(path.join(tmpdir(), 'lookalike-service-'));
  await makePictures(path.join(folder, 'pictures'), { classes: 4, picturesPerClass: 3, size: 24 });
  await writeTinyModel(path.join(folder, 'model.onnx'), 1);
  const engine = await WorkerEngine.create({ threads: 1 });
  const preparation = new PreparationPool(2);
  const embedder = await loadModel(path.join(folder, 'model.onnx'), { engine, preparation });
  const catalogue = await openCatalogue(path.join(folder, 'store'), { model: embedder });
  await catalogue.index(path.join(folder, 'pictures'));
  const started: RunningService[] = [];
  return {
    folder,
    catalogue,
    preparation,
    async start(options = {}) {
      const service = await startService({ catalogue, preparation, port: 0, log: undefined, ...options });
      started.push(service);
      return service;
    },
    async remove() {
      await Promise.all(started.map((service) => service.close()));
      await catalogue.close();
      await embedder.close();
      await preparation.close();
      await engine.close();
      await rm(folder, { recursive: true });
    },
  };
}

/** A form with pictures, and a JSON document. */
export function form(
  files: Readonly<Record<string, Uint8Array | readonly Uint8Array[]>>,
  document?: unknown,
): FormData {
  const made = new FormData();
  if (document !== undefined) made.append('request', JSON.stringify(document));
  for (const [role, given] of Object.entries(files)) {
    for (const bytes of given instanceof Uint8Array ? [given] : given) {
      made.append(role, new Blob([Uint8Array.from(bytes)], { type: 'image/png' }), 'picture.png');
    }
  }
  return made;
}

/** What a request was answered with. */
export interface PlainAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A request with any headers, which `fetch` would not send. */
export function ask(
  url: string,
  headers: Readonly<Record<string, string>> = {},
  method = 'GET',
  body?: string,
): Promise<PlainAnswer> {
  return new Promise((resolve, reject) => {
    const asked = httpRequest(url, { method, headers, agent: false }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (piece: string) => {
        text += piece;
      });
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: text }));
    });
    asked.on('error', reject);
    asked.end(body);
  });
}
