import { type StaticShape, sizeOf } from '../../src/graph/tensor/shape.ts';
import { float32, type TensorOf, tensor } from '../../src/graph/tensor/tensor.ts';

// Numbers that `test/golden/network.py` makes as well, bit for bit, so that neither weights nor pictures need to be stored.

/**
 * `size` numbers in [0, 1) that look random: FNV-1a over the name, plus the index times a constant, through the finaliser of
 * MurmurHash3.
 */
export function hashedUniform(name: string, size: number): Float64Array {
  let start = 0x811c9dc5;
  for (const character of name) start = Math.imul(start ^ character.codePointAt(0)!, 0x01000193);
  const numbers = new Float64Array(size);
  for (let index = 0; index < size; index++) {
    let x = (Math.imul(index, 0x9e3779b1) + start) | 0;
    x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
    x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
    numbers[index] = ((x ^ (x >>> 16)) >>> 0) / 2 ** 32;
  }
  return numbers;
}

/** A parameter: weights uniform over +-sqrt(6 / fan-in), biases over +-0.1, scales over 0.8 to 1.2. */
export function hashedParameter(name: string, shape: StaticShape): TensorOf<'float32'> {
  const size = sizeOf(shape);
  const spread = hashedUniform(name, size).map((share) => 2 * share - 1);
  if (name.endsWith('.weight')) {
    const bound = Math.sqrt(6 / (size / shape[0]));
    return float32(
      shape,
      spread.map((value) => bound * value),
    );
  }
  return float32(
    shape,
    spread.map((value) => (name.endsWith('.scale') ? 1 + 0.2 * value : 0.1 * value)),
  );
}

/** A dropout mask: 1 / keep where an element is kept, else 0. */
export function hashedMask(name: string, shape: StaticShape, keep: number): TensorOf<'float32'> {
  return float32(
    shape,
    hashedUniform(name, sizeOf(shape)).map((share) => (share < keep ? 1 / keep : 0)),
  );
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
