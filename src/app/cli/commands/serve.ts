import { availableParallelism } from 'node:os';
import { z } from 'zod';
import type { PartialPictureLimits } from '../../../pictures/decoding/picture-limits.ts';
import type { RunningService, ServiceOptions } from '../../../service/http/start-service.ts';
import { defineCommand } from '../command.ts';
import { openStoreModel } from '../input/open-store-model.ts';
import { modelOption } from '../input/resolve-model.ts';
import { engineInput, engineOptions, givenEngine } from '../options/engine-options.ts';
import { oneOf, wholeNumber } from '../options/option-values.ts';
import { givenPictureLimits, pictureLimitInput, pictureLimitOptions } from '../options/picture-limit-options.ts';
import { givenToken, tokenInput } from '../options/server-options.ts';
import { storeInput, storeOption } from '../options/store-option.ts';
import type { Terminal } from '../output/terminal.ts';
import { untilAborted } from '../thread/until-aborted.ts';

const logLevels = ['error', 'warn', 'info', 'debug'] as const;

/** Words apart by commas, as somebody types a list. */
const wordList = z
  .string()
  .optional()
  .transform((text) => (text ?? '').split(',').flatMap((word) => (word.trim() === '' ? [] : [word.trim()])));

/** `lookalike serve` */
export const serveCommand = defineCommand({
  name: 'serve',
  group: 'Use a model',
  summary: 'serve a store over HTTP, with a page to look at it',
  details:
    'Listens at 127.0.0.1, which this machine alone can reach; at any other address requests have to carry a token, the given ' +
    'one or one that is printed. What the endpoints are is in /openapi.json. It answers until it is stopped (Ctrl-C), and ' +
    'then finishes what it has taken. Uploaded pictures are kept in memory and forgotten when they are answered; pictures at ' +
    'addresses are fetched with --allow-remote alone.',
  arguments: [],
  options: [
    storeOption,
    modelOption,
    { flags: '-p, --port <n>', description: 'the port; 0 is any that is free', default: '8420' },
    {
      flags: '--host <address>',
      elsewhere: ['--bind', '--listen'],
      description: 'the address to listen at',
      default: '127.0.0.1',
    },
    {
      flags: '--token <text>',
      elsewhere: ['--api-key', '--password'],
      description: 'what requests have to carry (default: the variable LOOKALIKE_TOKEN)',
    },
    {
      flags: '--host-names <names>',
      description: 'names that it may be asked by, besides localhost and addresses: lookalike.example,shop.example',
    },
    {
      flags: '--changes',
      elsewhere: ['--writable', '--read-write'],
      description: 'let requests add images to the store and remove them',
    },
    {
      flags: '--allow-remote',
      elsewhere: ['--allow-urls', '--fetch'],
      description:
        'let requests name pictures by their addresses (http:, https:), which it fetches: from public addresses alone',
    },
    {
      flags: '--runs <folder>',
      description: 'a folder of training runs, whose course and reports the page shows',
    },
    { flags: '--cors <origins>', description: 'sites whose pages may ask it: https://shop.example' },
    {
      flags: '--log <level>',
      description: `what is logged, as JSON on standard output: ${logLevels.join(', ')}`,
      default: 'warn',
    },
    ...engineOptions,
    ...pictureLimitOptions,
  ],
  examples: [
    'lookalike serve',
    'lookalike serve --store shop.lance --port 9000',
    'lookalike serve --host 0.0.0.0 --log info',
  ],
  stopsItself: true,
  json: false,
  input: z.object({
    store: storeInput,
    model: z.string().optional(),
    port: wholeNumber({ min: 0, max: 65_535 }),
    host: z.string().min(1, 'must not be empty'),
    token: tokenInput,
    hostNames: wordList,
    cors: wordList,
    changes: z.boolean().default(false),
    allowRemote: z.boolean().default(false),
    log: oneOf(logLevels),
    runs: z.string().min(1, 'must not be empty').optional(),
    ...engineInput,
    ...pictureLimitInput,
  }),
  async run(input, terminal) {
    const { store, model: given, port, host, token: typed, hostNames, cors, changes, allowRemote, log, runs } = input;
    const { isLoopback } = await import('../../../service/http/security/loopback.ts');
    const { newToken } = await import('../../../service/http/security/access-token.ts');
    const chosen = givenToken(typed);
    const token = chosen ?? (isLoopback(host) ? undefined : newToken());
    const remote = allowRemote ? await remotePictures() : undefined;
    const stream = { write: (line: string) => terminal.say(line.trimEnd()) };
    await withService(
      { store, model: given, engine: givenEngine(input), pictureLimits: givenPictureLimits(input), terminal },
      { host, port, token, hostNames, origins: cors, changeable: changes, remote, runs, log: { level: log, stream } },
      async ({ url }) => {
        if (token !== undefined && chosen === undefined) terminal.note(`token: ${token}`);
        terminal.note(`serving at ${url}`);
        await untilAborted(terminal.signal);
        terminal.note('stopping');
      },
    );
    return undefined;
  },
});

/** What is served, as the command line names it. */
interface Served {
  readonly store: string;
  readonly model: string | undefined;
  readonly engine: ReturnType<typeof givenEngine>;
  readonly pictureLimits: PartialPictureLimits;
  readonly terminal: Terminal;
}

/** Lets a task use a service, which is stopped after it. */
async function withService(
  { store, model, engine, pictureLimits, terminal }: Served,
  options: Omit<ServiceOptions, 'catalogue' | 'preparation' | 'pictureLimits'>,
  task: (service: RunningService) => Promise<void>,
): Promise<void> {
  const { PreparationPool } = await import('../../../pictures/preparation/preparation-pool.ts');
  const { openCatalogue } = await import('../../../catalogue/mirror/open-catalogue.ts');
  const { startService } = await import('../../../service/http/start-service.ts');
  const threads = availableParallelism();
  await using preparation = new PreparationPool(threads, pictureLimits);
  const opened = await openStoreModel(store, model, {
    ...engine,
    threads,
    ownThread: true,
    preparation,
    pictureLimits,
  });
  await using embedder = opened.embedder;
  await using catalogue = await openCatalogue(store, { model: embedder });
  opened.announce(terminal);
  if (!(await catalogue.exists())) {
    terminal.warn(
      `there is no store at '${store}' yet: pictures can be compared, and searched once a folder is indexed into it`,
    );
  }
  const service = await startService({ ...options, catalogue, preparation, pictureLimits });
  try {
    await task(service);
  } finally {
    await service.close();
  }
}

async function remotePictures() {
  const { RemotePictures } = await import('../../../service/http/remote/remote-pictures.ts');
  return new RemotePictures();
}
