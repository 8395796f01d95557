import { type StaticShape, sizeOf } from '../../src/graph/tensor/shape.ts';
import { type TensorOf, tensor } from '../../src/graph/tensor/tensor.ts';

// Numbers that `test/golden/network.py` makes as well, bit for bit, so that neither weights nor pictures need to be stored.

/**
 * Numbers in [0, 1) by their index, which look random: FNV-1a over the name, plus the index times a constant, through the
 * finaliser of MurmurHash3.
 */
function hashedShares(name: string): (index: number) => number {
  let start = 0x811c9dc5;
  for (const character of name) start = Math.imul(start ^ character.codePointAt(0)!, 0x01000193);
  return (index) => {
    let x = (Math.imul(index, 0x9e3779b1) + start) | 0;
    x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
    x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
    return ((x ^ (x >>> 16)) >>> 0) / 2 ** 32;
  };
}

/** The first `size` of these numbers. */
export function hashedUniform(name: string, size: number): Float64Array {
  const shareAt = hashedShares(name);
  const numbers = new Float64Array(size);
  for (let index = 0; index < size; index++) numbers[index] = shareAt(index);
  return numbers;
}

/** A tensor of what becomes of these numbers; in one pass, for networks have millions. */
export function hashedTensor(
  name: string,
  shape: StaticShape,
  elementOf: (share: number) => number,
): TensorOf<'float32'> {
  const shareAt = hashedShares(name);
  const made = tensor('float32', shape);
  for (let index = 0; index < made.data.length; index++) made.data[index] = elementOf(shareAt(index));
  return made;
}

/** A parameter: weights uniform over +-sqrt(6 / fan-in), biases over +-0.1, scales over 0.8 to 1.2. */
export function hashedParameter(name: string, shape: StaticShape): TensorOf<'float32'> {
  if (name.endsWith('.weight')) {
    const bound = Math.sqrt(6 / (sizeOf(shape) / shape[0]));
    return hashedTensor(name, shape, (share) => bound * (2 * share - 1));
  }
  if (name.endsWith('.scale')) return hashedTensor(name, shape, (share) => 1 + 0.2 * (2 * share - 1));
  return hashedTensor(name, shape, (share) => 0.1 * (2 * share - 1));
}

/** A dropout mask: 1 / keep where an element is kept, else 0. */
export function hashedMask(name: string, shape: StaticShape, keep: number): TensorOf<'float32'> {
  return hashedTensor(name, shape, (share) => (share < keep ? 1 / keep : 0));
}

/** uint8 [rows, side, side, 3]: blocks of 8 x 8 pixels at random colours, with noise on every pixel. */
export function hashedPictures(rows: number, side: number): TensorOf<'uint8'> {
  const blocks = Math.ceil(side / 8);
  const coarse = hashedUniform('blocks', rows * blocks * blocks * 3);
  const noise = hashedUniform('noise', rows * side * side * 3);
  const pictures = tensor('uint8', [rows, side, side, 3]);
  for (let place = 0; place < pictures.data.length; place++) {
    const channel = place % 3;
    const x = Math.floor(place / 3) % side;
    const y = Math.floor(place / (3 * side)) % side;
    const row = Math.floor(place / (3 * side * side));
    const block = (row * blocks + Math.floor(y / 8)) * blocks + Math.floor(x / 8);
    pictures.data[place] = Math.floor(coarse[3 * block + channel] * 192) + Math.floor(noise[place] * 64);
  }
  return pictures;
}
