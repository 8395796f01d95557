import { expect, it } from 'vitest';
import { definitionByName } from './definition-by-name.ts';

const sounds = definitionByName(
  [
    { name: 'owl', says: 'hoo' },
    { name: 'duck', says: 'quack' },
  ],
  'bird',
  'choices.bird',
);

it('gives the definition of a name', () => {
  expect(sounds('duck').says).toBe('quack');
});

it('refuses a name that none has, with its place, all names and the nearest', () => {
  const error = { code: 'usage', path: 'choices.bird', value: 'duk', nearest: 'duck', expected: 'one of owl, duck' };
  expect(() => sounds('duk')).toThrow(expect.objectContaining(error));
  expect(() => sounds('duk')).toThrow("there is no bird 'duk': it is one of owl, duck; did you mean duck?");
});
