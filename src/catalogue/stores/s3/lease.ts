import { randomUUID } from 'node:crypto';
import { StoreError } from '../../../foundation/errors/store-error.ts';
import { type LockTiming, NumberedLock, type NumberPlace } from '../numbered-lock.ts';
import type { WriteOptions } from '../vector-store.ts';
import { S3Objects } from './objects.ts';
import { type S3Environment, s3Place } from './place.ts';

/** Where the lease lies, beside the table. */
const folder = 'lookalike-lease/';
/** Writers that try at once whether the storage lets one of them make an object. */
const racers = 6;

/**
 * Takes the right to write a store in S3: the next number of its lease, an object that is made only if there is none. See `NumberedLock`.
 *
 * @throws StoreError if the storage makes an object that is there already: LanceDB's commits need that it does not, too.
 */
export async function takeLease(
  uri: string,
  environment: S3Environment,
  options: WriteOptions,
  timing?: LockTiming,
): Promise<NumberedLock> {
  const objects = new S3Objects(uri, s3Place(uri, environment), environment);
  await checkConditionalWrites(uri, objects);
  return NumberedLock.take(uri, leaseNumbers(objects), options, timing);
}

/** The numbers of a lease: number 8 is the object `lookalike-lease/8`, whose text is what is told about it. */
function leaseNumbers(objects: S3Objects): NumberPlace {
  const name = (number: number) => `${folder}${number}`;
  return {
    async numbers() {
      const names = await objects.list(folder);
      return names.map((one) => Number(one.slice(folder.length))).filter(Number.isInteger);
    },
    take: (number) => objects.put(name(number), '{}', true),
    drop: (number) => objects.remove(name(number)),
    async tell(number, text) {
      await objects.put(name(number), text);
    },
    told: (number) => objects.get(name(number)),
  };
}

async function checkConditionalWrites(uri: string, objects: S3Objects): Promise<void> {
  const probe = `${folder}probe-${randomUUID()}`;
  try {
    const made = await Promise.all(
      Array.from({ length: racers }, (_, racer) => objects.put(probe, String(racer), true)),
    );
    const again = await objects.put(probe, 'again', true);
    if (made.filter(Boolean).length === 1 && !again) return;
  } finally {
    await objects.remove(probe);
  }
  throw new StoreError(
    `the store '${uri}' can be read, but not written: its storage has no conditional writes (PUT with If-None-Match), so that two writers would ` +
      'overwrite each other: use Amazon S3, Ceph 16 or newer, or another storage that has them',
  );
}
