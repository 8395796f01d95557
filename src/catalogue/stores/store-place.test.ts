import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { folderOfStore, schemeOfStore } from './store-place.ts';

it.each([
  'a',
  'memory:',
  'file:a/b',
  'C:\\store',
  'c:/store',
  's3:/x',
  ':',
  'a b:c',
  'x//y',
  '://',
  '1://x',
  'a?b#c%20',
  '../x',
])('takes %j for a folder of that name', (name) => {
  expect(folderOfStore(name)).toBe(path.resolve(name));
});

it.each(['s3://bucket/x', 'gs://b', 'az://b/c', 's3+ddb://b/t', 'DB://x', 'memory://'])(
  'takes %s for an address',
  (name) => {
    expect(folderOfStore(name)).toBeUndefined();
  },
);

it('knows the folder of a file address', () => {
  const folder = path.resolve('a b', 'ü%');
  expect(folderOfStore(pathToFileURL(folder).href)).toBe(folder);
  if (process.platform !== 'win32') {
    expect(() => folderOfStore('file://elsewhere/a')).toThrow(
      /'file:\/\/elsewhere\/a' is not the address of a folder .*: give its path/,
    );
  }
  expect(() => folderOfStore('')).toThrow(/name is empty: name the folder/);
});

it('knows the scheme of an address in any letters', () => {
  expect(schemeOfStore('Postgres://host/database/table')).toBe('postgres');
  expect(schemeOfStore('C:\\store')).toBeUndefined();
});
