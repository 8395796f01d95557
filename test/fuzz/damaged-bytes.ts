import fc from 'fast-check';

/** A place in a file and what is done to it there. */
type Damage =
  | { readonly kind: 'byte'; readonly place: number; readonly byte: number }
  | { readonly kind: 'cut'; readonly place: number }
  | { readonly kind: 'insert'; readonly place: number; readonly bytes: Uint8Array }
  | { readonly kind: 'remove'; readonly place: number; readonly count: number }
  | { readonly kind: 'repeat'; readonly place: number; readonly count: number };

const place = fc.nat();
const count = fc.integer({ min: 1, max: 64 });
const damage: fc.Arbitrary<Damage> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('byte' as const), place, byte: fc.nat({ max: 255 }) }) },
  fc.record({ kind: fc.constant('cut' as const), place }),
  fc.record({ kind: fc.constant('insert' as const), place, bytes: fc.uint8Array({ minLength: 1, maxLength: 16 }) }),
  fc.record({ kind: fc.constant('remove' as const), place, count }),
  fc.record({ kind: fc.constant('repeat' as const), place, count }),
);

/** Files with up to a dozen damages: bytes changed, put in, taken out and repeated, and the end cut off. */
export function damagedBytes(whole: fc.Arbitrary<Uint8Array>): fc.Arbitrary<Uint8Array> {
  return fc
    .tuple(whole, fc.array(damage, { minLength: 1, maxLength: 12 }))
    .map(([bytes, damages]) => damages.reduce(damaged, bytes.slice()));
}

function damaged(bytes: Uint8Array, change: Damage): Uint8Array {
  if (bytes.length === 0) return bytes;
  const at = change.place % bytes.length;
  const [before, after] = [bytes.subarray(0, at), bytes.subarray(at)];
  if (change.kind === 'cut') return before;
  if (change.kind === 'byte') return joined(before, Uint8Array.of(change.byte), after.subarray(1));
  if (change.kind === 'insert') return joined(before, change.bytes, after);
  if (change.kind === 'remove') return joined(before, after.subarray(change.count));
  return joined(before, after.subarray(0, change.count), after);
}

const joined = (...parts: readonly Uint8Array[]) => Uint8Array.from(Buffer.concat(parts));
