import { exists } from '../../../foundation/files/exists.ts';
import { readRunConfig, runFolder } from '../../../training/loop/run-folder.ts';
import { shellQuoted } from '../output/shell-quoted.ts';

/**
 * Where a run stands that has no model yet, and how to go on with it, in words; undefined of a folder that holds no run.
 *
 * @throws if the run's configuration or its log cannot be read.
 */
export async function unfinishedRun(folder: string): Promise<string | undefined> {
  const run = runFolder(folder);
  if (!(await exists(run.config))) return undefined;
  const { AppendLog } = await import('../../../foundation/files/append-log.ts');
  const { readTrainingLog } = await import('../../../training/loop/training-log.ts');
  const { steps } = await readRunConfig(run);
  const done = (await exists(run.log)) ? readTrainingLog(await AppendLog.peek(run.log)).steps.at(-1)?.step : undefined;
  return `the run in '${folder}' is at step ${done ?? 0} of ${steps} and has no model yet: let it end, or go on with: lookalike train -o ${shellQuoted(folder)} --resume`;
}
