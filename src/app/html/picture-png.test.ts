import { Buffer } from 'node:buffer';
import { expect, it } from 'vitest';
import { decodeImage } from '../../pictures/decoding/decode-image.ts';
import { picturePng } from './picture-png.ts';

it('carries the pixels as they are', async () => {
  const data = Uint8Array.from({ length: 3 * 2 * 3 }, (_, index) => index * 14);
  const picture = await picturePng('a <cat>', { width: 3, height: 2, data });
  expect(picture).toMatchObject({ name: 'a <cat>', width: 3, height: 2 });
  const [, base64] = /^data:image\/png;base64,([A-Za-z0-9+/]+=*)$/.exec(picture.uri) ?? [];
  expect([...(await decodeImage(Buffer.from(base64, 'base64'))).data]).toEqual([...data]);
});
