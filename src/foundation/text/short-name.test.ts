import { expect, it } from 'vitest';
import { shortName } from './short-name.ts';

it('keeps both ends of a long name, and whole letters', () => {
  const name = `shoes/${'x'.repeat(80)}/left.jpg`;
  const short = shortName(name);
  expect([...short]).toHaveLength(40);
  expect(short.startsWith('shoes/x')).toBe(true);
  expect(short.endsWith('x/left.jpg')).toBe(true);
  expect(shortName('👟'.repeat(41))).toBe(`${'👟'.repeat(19)}…${'👟'.repeat(20)}`);
});

it.each(['', 'a.png', 'y'.repeat(40)])("leaves '%s' as it is", (name) => {
  expect(shortName(name)).toBe(name);
});
