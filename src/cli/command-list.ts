import type { Command } from './command.ts';
import { benchCommand } from './commands/bench.ts';
import { calibrateCommand } from './commands/calibrate.ts';
import { compareCommand } from './commands/compare.ts';
import { cutPointsCommand } from './commands/cut-points.ts';
import { demoCommand } from './commands/demo.ts';
import { doctorCommand } from './commands/doctor.ts';
import { evaluateCommand } from './commands/evaluate.ts';
import { indexImagesCommand } from './commands/index-images.ts';
import { inspectCommand } from './commands/inspect.ts';
import { quantizeCommand } from './commands/quantize.ts';
import { searchCommand } from './commands/search.ts';
import { trainCommand } from './commands/train.ts';
import { tripletsCommand } from './commands/triplets.ts';

/** Every command, in the order of the help. A new one is a file in `commands` and a line here. */
export const commands: readonly Command[] = [
  demoCommand,
  inspectCommand,
  tripletsCommand,
  cutPointsCommand,
  trainCommand,
  doctorCommand,
  evaluateCommand,
  calibrateCommand,
  quantizeCommand,
  compareCommand,
  indexImagesCommand,
  searchCommand,
  benchCommand,
];
