import type { Endpoint } from './endpoint.ts';
import { runLogQuerySchema, runLogSchema, runQuerySchema, runsSchema } from './runs.ts';

const group = 'Training runs';

/** The endpoints of training runs; a service that was given no folder of runs answers them with `not-found`. */
export const runEndpoints = {
  runs: {
    name: 'runs',
    group,
    summary: 'The training runs, and how each stands',
    answer: runsSchema,
    problems: ['not-found'],
  },
  runLog: {
    name: 'runLog',
    group,
    summary: 'How a run goes: what it has logged, part by part',
    query: runLogQuerySchema,
    answer: runLogSchema,
    problems: ['not-found'],
  },
  runReport: {
    name: 'runReport',
    group,
    summary: "A run's report, a page by itself",
    query: runQuerySchema,
    answer: { contentType: 'text/html', description: 'The page.' },
    problems: ['not-found'],
  },
} as const satisfies Readonly<Record<string, Endpoint>>;
