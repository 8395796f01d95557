import type { ImageDataset } from '../datasets/dataset.ts';
import { DoctorsWatch } from '../doctor/doctors-watch.ts';
import { examineData } from '../doctor/examine-data.ts';
import { examineLog } from '../doctor/examine-log.ts';
import { type Finding, findingLine, inOrder } from '../doctor/finding.ts';
import { writeFindings } from '../doctor/findings-file.ts';
import type { TrainingPlan } from '../training/plan-training.ts';
import type { RunFolder } from '../training/run-folder.ts';
import type { TrainingEvent } from '../training/train.ts';
import { readTrainingLog } from '../training/training-log.ts';
import { nearHeldOut } from './near-identical-parts.ts';
import { readRunLog } from './read-run-log.ts';

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

  /** Looks at the pictures of a run that is to begin or to go on, keeps in its folder what it finds, and warns of it. */
  static async start(
    run: RunFolder,
    plan: TrainingPlan,
    dataset: ImageDataset,
    onEvent?: (event: TrainingEvent) => void,
  ): Promise<TrainingDoctor> {
    const data = examineData(dataset, plan.config, plan.data, await nearHeldOut(plan.data));
    await writeFindings(run.findings, data);
    const { steps } = readTrainingLog(await readRunLog(run));
    const doctor = new TrainingDoctor(run, plan, new DoctorsWatch(plan.config, steps), data, onEvent);
    for (const finding of data) doctor.#warn(finding);
    return doctor;
  }

  /** Passes an event on, and with it a warning for each kind of finding that is new. */
  readonly event = (event: TrainingEvent): void => {
    this.#onEvent?.(event);
    if (event.kind !== 'step') return;
    for (const finding of this.#watch.take(event.progress)) this.#warn(finding);
  };

  /** All findings once the run is at its end; `suspects` are those that only the trained network can see. */
  async finish(suspects: Finding | undefined): Promise<Finding[]> {
    if (suspects !== undefined) {
      this.#warn(suspects);
      this.#data = inOrder([...this.#data, suspects]);
      await writeFindings(this.#run.findings, this.#data);
    }
    const { steps } = readTrainingLog(await readRunLog(this.#run));
    return inOrder([...examineLog(this.#plan.config, steps), ...this.#data]);
  }

  #warn(finding: Finding): void {
    this.#onEvent?.({ kind: 'warning', message: findingLine(finding) });
  }
}
