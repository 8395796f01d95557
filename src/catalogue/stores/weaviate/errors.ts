import { LookalikeError } from '../../../foundation/errors/lookalike-error.ts';
import { StoreError } from '../../../foundation/errors/store-error.ts';
import { NoAnswer, Refusal } from './nodes/rest.ts';

/** What a node's refusal means, and what somebody can do about it. */
const explanations: readonly (readonly [isMeant: (refusal: Refusal) => boolean, reason: string, nextStep: string])[] = [
  [
    ({ status }) => status === 401,
    'the cluster does not know the API key',
    'set WEAVIATE_API_KEY to one that it knows',
  ],
  [({ status }) => status === 403, 'the API key may not do that', 'use one that may make and write collections'],
  [
    ({ reason }) => /read-only|resource pressure/i.test(reason),
    'the cluster takes no writes, as a disk is nearly full',
    'free some space there; what was acknowledged is kept',
  ],
  [
    ({ reason }) => /enough replicas/i.test(reason),
    'too few replicas of it can be reached',
    'start the nodes that are away, and give the rest again',
  ],
  [({ status }) => status === 404, 'a node knows no such interface', 'use Weaviate 1.38 or newer'],
];

/**
 * One line for an operation on a store in Weaviate that failed: what was tried, at which address, why, and what to do next. Errors of
 * ours are as they are.
 *
 * @param action the verb behind "cannot": `write the store`.
 */
export function weaviateError(action: string, uri: string, error: unknown): Error {
  if (error instanceof LookalikeError) return error;
  const begin = `cannot ${action} '${uri}'`;
  const options = { cause: error };
  if (error instanceof NoAnswer) {
    const next = 'start its nodes, or check their hosts and ports; what was acknowledged is kept';
    return new StoreError(
      `${begin}: no node of the cluster answered, the last one was ${error.message}; ${next}`,
      options,
    );
  }
  if (error instanceof Refusal) {
    const found = explanations.find(([isMeant]) => isMeant(error));
    const why = found === undefined ? error.message : `${found[1]} (${error.message}); ${found[2]}`;
    return new StoreError(`${begin}: ${why}`, options);
  }
  return new StoreError(`${begin}: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}`, options);
}
