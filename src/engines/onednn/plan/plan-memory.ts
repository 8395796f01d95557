import { type ArenaPlan, placeStorages } from '../memory/place-storages.ts';
import { lifetimes, type Storage } from '../memory/storage.ts';
import { type PrimitiveStep, type Step, touchedBy } from './step.ts';

/** The memory of a plan: where in one arena its values lie, and what it takes beside that. */
export interface PlanMemory {
  readonly arena: ArenaPlan;
  /** Bytes that a primitive takes while it runs, at most. */
  readonly scratchBytes: number;
  /** Constants in the layouts of primitives, and as they came. */
  readonly constantBytes: number;
}

/** What a plan does in every run, and what it does once. */
export interface PlannedSteps {
  readonly steps: readonly Step[];
  readonly once: readonly PrimitiveStep[];
}

/** Lays out a plan's memory; nothing is taken yet. */
export function planMemory({ steps, once }: PlannedSteps): PlanMemory {
  const lives = lifetimes(steps.map((step) => touchedBy(step).filter(({ place }) => place === 'arena')));
  const primitives = [...once, ...steps].flatMap((step) => (step.kind === 'primitive' ? [step] : []));
  const storages = primitives.flatMap((step) => step.arguments.map(([, { storage }]) => storage));
  const constants = new Set<Storage>(storages.filter(({ place }) => place === 'constant'));
  return {
    arena: placeStorages(lives),
    scratchBytes: primitives.reduce((most, { scratch }) => Math.max(most, scratch?.bytes ?? 0), 0),
    constantBytes: [...constants].reduce((sum, { bytes }) => sum + bytes, 0),
  };
}
