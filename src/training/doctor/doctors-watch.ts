import type { TrainingConfig } from '../configuration/training-config.ts';
import { stepsPerLine } from '../loop/progress-meter.ts';
import type { StepLine } from '../loop/training-log.ts';
import { examineLog } from './examine-log.ts';
import type { Finding, FindingKind } from './finding.ts';

/** Watches a run while it trains: each kind of finding is told once. */
export class DoctorsWatch {
  readonly #config: TrainingConfig;
  readonly #lines: StepLine[];
  readonly #told = new Set<FindingKind>();
  readonly #every: number;

  /** `earlier`: the lines that the run's log has already; what they show was told before. */
  constructor(config: TrainingConfig, earlier: readonly StepLine[] = []) {
    this.#config = config;
    this.#every = stepsPerLine(config.steps);
    this.#lines = [...earlier];
    for (const { kind } of examineLog(config, { steps: earlier, evaluations: [] }, 'underway')) this.#told.add(kind);
  }

  /** Takes the means since the last log line, after every step; returns what is new. */
  take(line: StepLine): Finding[] {
    if (line.step % this.#every !== 0) return [];
    this.#lines.push(line);
    return this.fresh(examineLog(this.#config, { steps: this.#lines, evaluations: [] }, 'underway'));
  }

  /** Those of some findings whose kind has not been told yet; they count as told from then on. */
  fresh(findings: readonly Finding[]): Finding[] {
    const fresh = findings.filter(({ kind }) => !this.#told.has(kind));
    for (const { kind } of fresh) this.#told.add(kind);
    return fresh;
  }
}
