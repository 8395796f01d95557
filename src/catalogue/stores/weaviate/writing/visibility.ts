import { setTimeout } from 'node:timers/promises';
import { everyImage, ownProperties } from '../collections/properties.ts';
import type { WeaviateNode } from '../nodes/node.ts';
import { NoAnswer } from '../nodes/rest.ts';
import type { NodeRotation } from '../nodes/rotation.ts';
import type { WeaviateTiming } from '../nodes/timing.ts';
import type { Change } from './changes.ts';

/** Objects that are looked for after each write: those that were written last. */
const looked = 8;
/** Milliseconds between two looks. */
const look = 5;

/**
 * Waits until each node that takes searches finds what was written last, and not what was removed. A quorum acknowledges before the
 * last replica has it. A node that does not find it in time takes no searches, until it is in step again.
 */
export async function waitUntilFound(
  rotation: NodeRotation,
  changes: readonly Change[],
  dimension: number,
  timing: WeaviateTiming,
): Promise<void> {
  const last = changes.slice(-looked);
  if (last.length === 0) return;
  const end = performance.now() + timing.visibleWithin;
  await Promise.all(rotation.inTurn().map((node) => waitFor(node)));

  async function waitFor(node: WeaviateNode): Promise<void> {
    while (!(await isFound(node, last, dimension).catch((error: unknown) => missed(node, error)))) {
      if (!rotation.has(node)) return;
      if (performance.now() > end) return rotation.takeOut(node);
      await setTimeout(look);
    }
  }

  async function missed(node: WeaviateNode, error: unknown): Promise<boolean> {
    if (error instanceof NoAnswer) await rotation.missed(node);
    return false;
  }
}

async function isFound(node: WeaviateNode, changes: readonly Change[], dimension: number): Promise<boolean> {
  const [{ collection }] = changes;
  const vector = new Float32Array(dimension).fill(1);
  const keys = changes.flatMap(({ object, key }) => object?.properties[ownProperties.key] ?? key ?? []).map(String);
  const found = await node.search({
    collection,
    vector,
    limit: changes.length,
    where: {
      operator: 'And',
      operands: [
        { operator: 'Equal', property: everyImage.property, value: everyImage.value },
        { operator: 'ContainsAny', property: ownProperties.key, value: keys },
      ],
    },
  });
  const wanted = changes.flatMap(({ object }) => object?.properties[ownProperties.image] ?? []);
  return found.length === wanted.length && found.every(({ image }) => wanted.includes(image));
}
