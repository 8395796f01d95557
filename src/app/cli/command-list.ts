import type { Command } from './command.ts';

/**
 * Every command by its name, in the order of the help; what it takes to run one is loaded when it is wanted. A new command
 * is a file in `commands` and a line here.
 */
const loaders: Readonly<Record<string, () => Promise<Command>>> = {
  demo: async () => (await import('./commands/demo.ts')).demoCommand,
  inspect: async () => (await import('./commands/training/inspect.ts')).inspectCommand,
  triplets: async () => (await import('./commands/training/triplets.ts')).tripletsCommand,
  backbones: async () => (await import('./commands/training/backbones.ts')).backbonesCommand,
  'cut-points': async () => (await import('./commands/training/cut-points.ts')).cutPointsCommand,
  train: async () => (await import('./commands/training/train.ts')).trainCommand,
  label: async () => (await import('./commands/label.ts')).labelCommand,
  doctor: async () => (await import('./commands/training/doctor.ts')).doctorCommand,
  evaluate: async () => (await import('./commands/evaluate.ts')).evaluateCommand,
  calibrate: async () => (await import('./commands/calibrate.ts')).calibrateCommand,
  quantize: async () => (await import('./commands/quantize.ts')).quantizeCommand,
  compare: async () => (await import('./commands/compare.ts')).compareCommand,
  index: async () => (await import('./commands/catalogue/index-images.ts')).indexImagesCommand,
  watch: async () => (await import('./commands/catalogue/watch.ts')).watchCommand,
  serve: async () => (await import('./commands/serve.ts')).serveCommand,
  page: async () => (await import('./commands/page.ts')).pageCommand,
  add: async () => (await import('./commands/catalogue/add.ts')).addCommand,
  remove: async () => (await import('./commands/catalogue/remove.ts')).removeCommand,
  export: async () => (await import('./commands/catalogue/export.ts')).exportCommand,
  embed: async () => (await import('./commands/embed.ts')).embedCommand,
  verify: async () => (await import('./commands/catalogue/verify.ts')).verifyCommand,
  reindex: async () => (await import('./commands/catalogue/reindex.ts')).reindexCommand,
  duplicates: async () => (await import('./commands/catalogue/duplicates.ts')).duplicatesCommand,
  cluster: async () => (await import('./commands/catalogue/cluster.ts')).clusterCommand,
  stores: async () => (await import('./commands/catalogue/stores.ts')).storesCommand,
  tune: async () => (await import('./commands/catalogue/tune.ts')).tuneCommand,
  search: async () => (await import('./commands/catalogue/search.ts')).searchCommand,
  engines: async () => (await import('./commands/engines.ts')).enginesCommand,
  bench: async () => (await import('./commands/bench.ts')).benchCommand,
};

/** The names of all commands, in the order of the help. */
export const commandNames: readonly string[] = Object.keys(loaders);

/**
 * The commands that a command line may need: the one that its first word names, or else all, for the help and for the nearest
 * name.
 */
export async function commandsFor(argv: readonly string[]): Promise<readonly Command[]> {
  const [first = ''] = argv;
  const wanted = Object.hasOwn(loaders, first) ? [first] : commandNames;
  return Promise.all(wanted.map((name) => loaders[name]()));
}
