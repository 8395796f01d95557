import type { EvaluationReport, TripletReport } from '../evaluation/evaluation-report.ts';
import { writeAtomically } from '../files/write-atomically.ts';
import { trainingReport } from '../report/training-report.ts';
import type { RunFolder } from '../training/run-folder.ts';
import type { TrainingConfig } from '../training/training-config.ts';
import { readRunLog } from './read-run-log.ts';

/** Writes the page of a finished run: its curves, and the measures on the pictures kept from training, if any were. */
export async function writeRunReport(
  run: RunFolder,
  config: TrainingConfig,
  dataHash: string,
  evaluation: EvaluationReport | TripletReport | undefined,
  notice: string,
): Promise<void> {
  const measures =
    evaluation === undefined
      ? []
      : [{ name: 'trained', values: evaluation.measures, note: 'On pictures kept from training.' }];
  const title = `Training run of ${config.steps} steps`;
  await writeAtomically(
    run.report,
    trainingReport({ title, config, log: await readRunLog(run), measures, dataHash, notice }),
  );
}
