import { expect, it } from 'vitest';
import { decodeImage } from './decode-image.ts';

/** A grey ramp of 64 x 64 with a grey profile of gamma 1.0, in samples of 8 bits and of 16, each a byte twice (PNG). */
const ramp = {
  eight:
    'iVBORw0KGgoAAAANSUhEUgAAAEAAAABACAAAAACPAi4CAAAAnGlDQ1BJQ0MgUHJvZmlsZQAAeJxjYGAMyUnOLWZyYGDIzSspcg9yjIyIjFJgf8LACIRgkJhcXMCAF3y7BlF7WRe/OqyAJSW1OBlIbwHinPKSghIGBkYFIFskOyTIGcg2AbIFkguKQOIuIDZUPQjwpxelViqkJ+bmJioY6hmQYTsBAAoLCAvhx+TSojKoNCNIqCS1ogTEycvPSwXRAPoqI5tbJxfwAAAAN0lEQVR4nO3MoREAIBADQeBTAv3Xin3LYBAbcSJi565KpSVXR9Z4HAAAAAAAAAAAAAAAAIDfgQPwJAFr2NBJQwAAAABJRU5ErkJggg==',
  sixteen:
    'iVBORw0KGgoAAAANSUhEUgAAAEAAAABAEAAAAADfkvJBAAAAnGlDQ1BJQ0MgUHJvZmlsZQAAeJxjYGAMyUnOLWZyYGDIzSspcg9yjIyIjFJgf8LACIRgkJhcXMCAF3y7BlF7WRe/OqyAJSW1OBlIbwHinPKSghIGBkYFIFskOyTIGcg2AbIFkguKQOIuIDZUPQjwpxelViqkJ+bmJioY6hmQYTsBAAoLCAvhx+TSojKoNCNIqCS1ogTEycvPSwXRAPoqI5tbJxfwAAAATUlEQVR4nO3OMQoAIAwDQLV5gv9/q4OrboLLFQIlZLg+Z1VVsnP6bv2LRTLa5wMAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAABY+uECVis+NmsAAAAASUVORK5CYII=',
};

it('gives a picture of 8 bits that was saved with 16 the very pixels of its twin, by a profile too', async () => {
  const [eight, sixteen] = await Promise.all(
    [ramp.eight, ramp.sixteen].map((base64) => decodeImage(Buffer.from(base64, 'base64'))),
  );
  expect(sixteen.data.some((value) => value !== sixteen.data[0])).toBe(true);
  expect(Buffer.compare(Buffer.from(sixteen.data), Buffer.from(eight.data))).toBe(0);
});
