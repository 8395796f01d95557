import { Buffer } from 'node:buffer';

/** Samples of 8 bits, interleaved, with the colour profile that says what they mean. */
export interface ProfiledSamples {
  readonly width: number;
  readonly height: number;
  /** 1 is grey, 3 RGB, 4 inks. */
  readonly colours: 1 | 3 | 4;
  /** True if each pixel has transparency behind its colour. */
  readonly alpha: boolean;
  /** `height * width * (colours + 1 if alpha)` bytes. */
  readonly data: Uint8Array;
  /** An ICC profile. */
  readonly profile: Uint8Array | undefined;
}

const short = 3;
const long = 4;
const undefinedBytes = 7;

/** The samples as a TIFF file of one uncompressed strip: the decoder knows profiles of files alone, not of plain samples. */
export function plainTiff({ width, height, colours, alpha, data, profile }: ProfiledSamples): Buffer {
  const channels = colours + (alpha ? 1 : 0);
  const fields: (readonly [tag: number, type: number, values: readonly number[] | Uint8Array])[] = [
    [256, long, [width]],
    [257, long, [height]],
    [258, short, new Array<number>(channels).fill(8)],
    [259, short, [1]],
    [262, short, [{ 1: 1, 3: 2, 4: 5 }[colours]]],
    [273, long, [8]],
    [277, short, [channels]],
    [278, long, [height]],
    [279, long, [data.length]],
    [284, short, [1]],
    ...(alpha ? [[338, short, [2]] as const] : []),
    ...(profile === undefined ? [] : [[34675, undefinedBytes, profile] as const]),
  ];
  const header = Buffer.alloc(8);
  header.write('II*\0', 'latin1');
  const directoryAt = 8 + data.length + (data.length % 2);
  header.writeUInt32LE(directoryAt, 4);
  const directory = Buffer.alloc(2 + 12 * fields.length + 4);
  directory.writeUInt16LE(fields.length, 0);
  const behind: Uint8Array[] = [];
  let behindAt = directoryAt + directory.length;
  for (const [place, [tag, type, values]] of fields.entries()) {
    const at = 2 + 12 * place;
    directory.writeUInt16LE(tag, at);
    directory.writeUInt16LE(type, at + 2);
    directory.writeUInt32LE(values.length, at + 4);
    const bytes = fieldBytes(type, values);
    if (bytes.length <= 4) {
      directory.set(bytes, at + 8);
      continue;
    }
    directory.writeUInt32LE(behindAt, at + 8);
    const even = Buffer.concat([bytes, Buffer.alloc(bytes.length % 2)]);
    behind.push(even);
    behindAt += even.length;
  }
  return Buffer.concat([header, data, Buffer.alloc(data.length % 2), directory, ...behind]);
}

function fieldBytes(type: number, values: readonly number[] | Uint8Array): Uint8Array {
  if (values instanceof Uint8Array) return values;
  const bytes = Buffer.alloc(values.length * (type === short ? 2 : 4));
  for (const [place, value] of values.entries()) {
    if (type === short) bytes.writeUInt16LE(value, 2 * place);
    else bytes.writeUInt32LE(value, 4 * place);
  }
  return bytes;
}
