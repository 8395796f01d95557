import { Buffer } from 'node:buffer';

/** Bytes of the signature and of the header chunk, behind which others may stand. */
const behindHeader = 33;

/**
 * The PNG with its EXIF chunk before the pixels, for the decoder reads none behind them, where some programs write it. The same bytes
 * where there is nothing to move.
 */
export function withEarlyExif(bytes: Buffer): Buffer {
  let pixels = false;
  for (let at = 8; at + 12 <= bytes.length; ) {
    const end = at + 12 + bytes.readUInt32BE(at);
    const kind = bytes.toString('latin1', at + 4, at + 8);
    if (kind === 'IEND' || end > bytes.length) return bytes;
    if (kind === 'IDAT') pixels = true;
    if (kind === 'eXIf') {
      if (!pixels) return bytes;
      const [header, between, rest] = [
        bytes.subarray(0, behindHeader),
        bytes.subarray(behindHeader, at),
        bytes.subarray(end),
      ];
      return Buffer.concat([header, bytes.subarray(at, end), between, rest]);
    }
    at = end;
  }
  return bytes;
}
