import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import type { Catalogue } from '../../catalogue/mirror/catalogue.ts';
import { FileError } from '../../foundation/errors/file-error.ts';
import { UsageError } from '../../foundation/errors/usage-error.ts';
import { lookalikeVersion } from '../../foundation/lookalike-version.ts';
import { type PartialPictureLimits, pictureLimits } from '../../pictures/decoding/picture-limits.ts';
import type { PreparationPool } from '../../pictures/preparation/preparation-pool.ts';
import type { TeachingSession } from '../../teaching/session/teaching-session.ts';
import { RunFolders } from '../runs/run-folders.ts';
import { WorkThread } from '../work/work-thread.ts';
import { type AppOptions, buildApp } from './build-app.ts';
import { CatalogueWork } from './catalogue-work.ts';
import { Explanations } from './explanations.ts';
import { Admission } from './load/admission.ts';
import { ByteBudget } from './load/byte-budget.ts';
import { defaultServiceLimits, type ServiceLimits } from './load/service-limits.ts';
import type { RemotePictures } from './remote/remote-pictures.ts';
import { AccessToken } from './security/access-token.ts';
import { isLoopback } from './security/loopback.ts';
import type { ServiceContext } from './service-context.ts';
import { ServiceMetrics } from './service-metrics.ts';
import { StoreSampler } from './store-sample.ts';
import { TeachingWork } from './teaching-work.ts';
import { warmUp } from './warm-up.ts';

/** What is served, where, and to whom. */
export interface ServiceOptions extends Pick<AppOptions, 'log'> {
  /** What is searched, with its model. It stays open when the service stops. */
  readonly catalogue: Catalogue;
  /** Threads that decode pictures, best those that the catalogue's model was loaded with. They stay, too. */
  readonly preparation: PreparationPool;
  /** Limits of a picture. */
  readonly pictureLimits?: PartialPictureLimits | undefined;
  /** The address to listen at. Default: 127.0.0.1, which this machine alone can reach. */
  readonly host?: string | undefined;
  /** The port; 0 is any that is free. Default: 8420. */
  readonly port?: number | undefined;
  /** What requests have to carry. Needed at any address that other machines can reach. */
  readonly token?: string | undefined;
  /** Names that the service may be asked by, besides `localhost` and addresses. Default: none. */
  readonly hostNames?: readonly string[] | undefined;
  /** Sites whose pages may ask it, such as `https://shop.example`. Default: none. */
  readonly origins?: readonly string[] | undefined;
  /** True if images may be added to the store and removed. Default: false. */
  readonly changeable?: boolean | undefined;
  /** What fetches pictures from addresses that requests name. Default: nothing is fetched. */
  readonly remote?: RemotePictures | undefined;
  readonly limits?: Partial<ServiceLimits> | undefined;
  /** What people answer here. Default: nothing is labelled. It stays open when the service stops. */
  readonly labelling?: TeachingSession | undefined;
  /** A folder of training runs, whose course and reports are shown. Default: none. */
  readonly runs?: string | undefined;
}

/** The port where nothing else is said. */
export const defaultPort = 8420;

/** A service that answers. */
export interface RunningService {
  /** Where it is: `http://127.0.0.1:8420`. */
  readonly url: string;
  /** Stops: takes nothing new, finishes what it has taken, within the limit of `stopSeconds`. */
  close(): Promise<void>;
}

/** @throws UsageError if it is no site as browsers name it: scheme, host, and a port that is not the usual one. */
function checkOrigin(origin: string): void {
  const meant = URL.canParse(origin) ? new URL(origin).origin : 'null';
  if (meant === origin) return;
  const nearest = meant === 'null' ? '' : `; did you mean ${meant}?`;
  throw new UsageError(
    `'${origin}' is no site whose pages could ask: name it as browsers do, https://shop.example, without a path${nearest}`,
    { path: 'origins', expected: 'a site such as https://shop.example', value: origin },
  );
}

/**
 * Serves a catalogue over HTTP, until it is closed.
 *
 * @throws UsageError if it is to listen where other machines can reach it, without a token, or `origins` has what is no site; FileError if it cannot listen there, or the
 * folder of runs cannot be read.
 */
export async function startService(options: ServiceOptions): Promise<RunningService> {
  const { host = '127.0.0.1', port = defaultPort, token, hostNames = [], origins = [] } = options;
  if (token === undefined && !isLoopback(host)) {
    throw new UsageError(`other machines can reach ${host}: give a token that requests have to carry`, {
      path: 'token',
      expected: 'a token',
      value: undefined,
    });
  }
  for (const origin of origins) checkOrigin(origin);
  const state = { stopping: false };
  const context = contextOf(options, state);
  await warmUp(context);
  // A folder that is not there would look like one without runs.
  await context.runs?.list();
  const app = await buildApp({ context, hostNames, origins, log: options.log });
  try {
    await app.listen({ host, port });
  } catch (error) {
    await app.close();
    throw new FileError(`cannot listen at ${host}, port ${port} (${(error as Error).message}): choose another port`, {
      cause: error,
    });
  }
  const { port: listening } = app.server.address() as AddressInfo;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${listening}`,
    close: async () => {
      state.stopping = true;
      await closeApp(app, context);
    },
  };
}

function contextOf(
  {
    catalogue,
    preparation,
    pictureLimits: given,
    limits: some = {},
    token,
    changeable = false,
    remote,
    labelling,
    runs,
  }: ServiceOptions,
  state: { readonly stopping: boolean },
): ServiceContext {
  const limits = { ...defaultServiceLimits, ...some };
  const admission = new Admission(limits.requests);
  const uploads = new ByteBudget(limits.uploadBytes);
  const ofPictures = pictureLimits(given);
  const work = { model: catalogue.embedder.model.path, store: catalogue.uri, pictureLimits: ofPictures };
  return {
    version: lookalikeVersion().version,
    catalogue,
    sampler: new StoreSampler(catalogue),
    changeable,
    remote,
    preparation,
    pictureLimits: ofPictures,
    limits,
    admission,
    uploads,
    metrics: new ServiceMetrics({ requestsInside: () => admission.inside, uploadBytes: () => uploads.taken }),
    runs: runs === undefined ? undefined : new RunFolders(runs),
    duplicates: new CatalogueWork('duplicates', work),
    map: new CatalogueWork('map', work),
    explanations: new Explanations(new WorkThread(work)),
    labelling: labelling === undefined ? undefined : new TeachingWork(labelling),
    token: token === undefined ? undefined : new AccessToken(token),
    isStopping: () => state.stopping,
  };
}

/** Ends when all answers are out, or the time for that is over. */
async function closeApp(app: FastifyInstance, context: ServiceContext): Promise<void> {
  const { limits, metrics, labelling, explanations, duplicates, map } = context;
  const late = setTimeout(() => app.server.closeAllConnections(), limits.stopSeconds * 1000);
  try {
    await labelling?.stop();
    await app.close();
  } finally {
    clearTimeout(late);
    await Promise.all([explanations.close(), duplicates.close(), map.close()]);
    metrics.stop();
  }
}
