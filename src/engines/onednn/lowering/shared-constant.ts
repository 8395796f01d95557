import type { Datum } from '../plan/datum.ts';
import type { PlanBuilder } from '../plan/plan-builder.ts';

/**
 * Row-major memory outside of the arena that several primitives read, in the type of what lies between primitives; zero when it is made.
 *
 * @param name what its elements are: of one name there is one.
 * @param fill plans what is written there once. Default: nothing.
 */
export function sharedConstant(
  plan: PlanBuilder,
  name: string,
  shape: readonly number[],
  fill?: (made: Datum) => void,
): Datum {
  const known = plan.shared.get(name);
  if (known !== undefined) return known;
  const layout = plan.plain(shape, plan.compute);
  const storage = { place: 'constant', bytes: plan.objects.bytesOf(layout), sharers: 1 } as const;
  const made = { shape, type: plan.compute, layout, storage };
  fill?.(made);
  plan.shared.set(name, made);
  return made;
}
