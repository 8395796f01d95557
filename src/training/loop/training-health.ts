import { TrainingError } from '../../foundation/errors/training-error.ts';
import type { TrainingConfig } from '../configuration/training-config.ts';
import type { StepResult } from '../step/trainer.ts';

/** A run that cannot get better, and what to change. */
export class TrainingFailure extends TrainingError {
  constructor(
    readonly kind: 'not-a-number' | 'collapse',
    message: string,
  ) {
    super(message);
  }
}

/** Steps in a row that have to look collapsed before the run is stopped. */
const patience = 50;
/** Variance of a batch's embeddings below which they count as all equal. */
const noSpread = 1e-4;

/**
 * Watches the steps of a run and stops it when it is lost: when a number is not finite, or when the network has collapsed,
 * that is, gives every picture the same embedding, so that the ranking loss stands at its gap and has no slope left.
 */
export class TrainingHealth {
  #collapsed = 0;

  constructor(
    private readonly config: TrainingConfig,
    /** The loss of a collapsed network, where the loss has one. */
    private readonly collapsedLoss: number | undefined,
  ) {}

  /** @throws TrainingFailure naming the step, what was seen, and what to change. */
  check(result: StepResult, step: number): void {
    const { loss, spread, gradientNorm } = result;
    if (!Number.isFinite(loss) || !Number.isFinite(gradientNorm)) {
      // The first loss is that of the weights that the run began with: no learning rate has changed them yet.
      if (step === 1 && !Number.isFinite(loss)) throw new TrainingFailure('not-a-number', unlearntReason(loss));
      throw new TrainingFailure(
        'not-a-number',
        `step ${step}: the loss is ${loss} and the gradient's norm ${gradientNorm}. Start again with a lower choices.learningRate (now ${this.config.learningRate}) or with choices.clipNorm: 1; what was saved before is kept`,
      );
    }
    const atGap = this.collapsedLoss === undefined || Math.abs(loss - this.collapsedLoss) < 0.02 * this.collapsedLoss;
    this.#collapsed = spread < noSpread && atGap ? this.#collapsed + 1 : 0;
    if (this.#collapsed < patience) return;
    const orElse = this.config.loss.kind === 'supcon' ? '' : ", or with choices.loss: 'supcon'";
    throw new TrainingFailure(
      'collapse',
      `step ${step}: for ${patience} steps every picture has had nearly the same embedding (variance ${spread.toExponential(1)}) and the loss stands at ${loss.toPrecision(4)}: the network has collapsed. Start again with a lower choices.learningRate (now ${this.config.learningRate})${orElse}`,
    );
  }
}

function unlearntReason(loss: number): string {
  return (
    `step 1: the loss is ${loss} before anything was learnt, so the network's own weights give no numbers. Where they are from a file, fetch or export that of ` +
    'choices.backbone or choices.weights anew: it holds NaN, an infinite number or a variance below 0'
  );
}
