import { z } from 'zod';
import { evaluationReportSchema, tripletReportSchema } from '../../evaluation/reports/evaluation-report.ts';
import type { ServiceRunLog } from '../protocol/runs.ts';

const stepSchema = z.object({
  kind: z.literal('step'),
  step: z.number(),
  steps: z.number().optional(),
  epoch: z.number(),
  loss: z.number(),
  activeShare: z.number(),
  learningRate: z.number(),
  imagesPerSecond: z.number(),
  secondsLeft: z.number().nullish(),
});

const evaluationSchema = z.object({
  kind: z.literal('evaluation'),
  step: z.number(),
  report: z.union([evaluationReportSchema, tripletReportSchema]),
});

/** What lines of a run's log say of its course. What is of another kind, or cannot be read, is passed over. */
export function courseOf(lines: readonly string[]): Pick<ServiceRunLog, 'steps' | 'evaluations'> {
  const steps: ServiceRunLog['steps'] = [];
  const evaluations: ServiceRunLog['evaluations'] = [];
  for (const line of lines) {
    const value = parsed(line);
    const step = stepSchema.safeParse(value);
    if (step.success) {
      const { kind: _, steps: of, secondsLeft, ...numbers } = step.data;
      steps.push({ ...numbers, of: of ?? null, secondsLeft: secondsLeft ?? null });
    }
    const evaluation = evaluationSchema.safeParse(value);
    if (evaluation.success) {
      const { step: at, report } = evaluation.data;
      const measures = Object.entries(report.measures).map(([name, measured]) => [name, measured.value]);
      evaluations.push({ step: at, measures: Object.fromEntries(measures) });
    }
  }
  return { steps, evaluations };
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
