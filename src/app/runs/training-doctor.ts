import type { ImageDataset } from '../../pictures/datasets/dataset.ts';
import type { Moment } from '../../training/doctor/collapse.ts';
import { DoctorsWatch } from '../../training/doctor/doctors-watch.ts';
import { examineLog } from '../../training/doctor/examine-log.ts';
import { type Finding, findingLine, inOrder, joined } from '../../training/doctor/finding.ts';
import { writeFindings } from '../../training/doctor/findings-file.ts';
import { examineData } from '../../training/doctor/pictures/examine-data.ts';
import type { RunFolder } from '../../training/loop/run-folder.ts';
import { readSavedLog } from '../../training/loop/saved-run.ts';
import type { TrainingEvent } from '../../training/loop/train-options.ts';
import { readTrainingLog } from '../../training/loop/training-log.ts';
import type { TrainingPlan } from '../../training/planning/plan-training.ts';
import { nearHeldOut } from './near-identical-parts.ts';

/** Examines a run and its pictures while it trains. */
export class TrainingDoctor {
  readonly #run: RunFolder;
  readonly #plan: TrainingPlan;
  readonly #watch: DoctorsWatch;
  readonly #onEvent: ((event: TrainingEvent) => void) | undefined;
  /** What was found in the pictures. */
  #data: readonly Finding[];

  private constructor(
    run: RunFolder,
    plan: TrainingPlan,
    watch: DoctorsWatch,
    data: readonly Finding[],
    onEvent: ((event: TrainingEvent) => void) | undefined,
  ) {
    this.#run = run;
    this.#plan = plan;
    this.#watch = watch;
    this.#data = data;
    this.#onEvent = onEvent;
  }

  /** Looks at the log and the pictures of a run that is to begin or to go on; changes nothing in its folder. */
  static async start(
    run: RunFolder,
    plan: TrainingPlan,
    dataset: ImageDataset,
    onEvent?: (event: TrainingEvent) => void,
  ): Promise<TrainingDoctor> {
    const data = examineData(dataset, plan.config, plan.data, await nearHeldOut(plan.data));
    const { steps } = readTrainingLog(await readSavedLog(run));
    return new TrainingDoctor(run, plan, new DoctorsWatch(plan.config, steps), data, onEvent);
  }

  /** Keeps in the run's folder what was found in the pictures, and warns of it: the run begins or goes on. */
  readonly begin = async (): Promise<void> => {
    await writeFindings(this.#run.findings, this.#data);
    for (const finding of this.#data) this.#warn(finding);
  };

  /** Passes an event on, and with it a warning for each kind of finding that is new. */
  readonly event = (event: TrainingEvent): void => {
    this.#onEvent?.(event);
    if (event.kind !== 'step') return;
    for (const finding of this.#watch.take(event.progress)) this.#warn(finding);
  };

  /** All findings once the run is at its end; `ofModel` are those that only the trained network shows. */
  async finish(ofModel: readonly (Finding | undefined)[]): Promise<Finding[]> {
    const found = inOrder(ofModel);
    if (found.length > 0) {
      this.#data = inOrder([...this.#data, ...found]);
      await writeFindings(this.#run.findings, this.#data);
    }
    return joined(await this.#ofLog('ended'), this.#data);
  }

  /** What the course of a run shows that was interrupted: warned of, for nobody may look at it again. */
  async interrupted(): Promise<Finding[]> {
    const found = await this.#ofLog('standing');
    for (const finding of this.#watch.fresh(found)) this.#warn(finding);
    return found;
  }

  async #ofLog(moment: Moment): Promise<Finding[]> {
    return examineLog(this.#plan.config, readTrainingLog(await readSavedLog(this.#run)), moment);
  }

  #warn(finding: Finding): void {
    this.#onEvent?.({ kind: 'warning', message: findingLine(finding) });
  }
}
