import { expect, it } from 'vitest';
import { libraryPlaces } from './library-places.ts';

const on = (platform: NodeJS.Platform, environment: Record<string, string> = {}) =>
  libraryPlaces({ platform, environment, home: '/home/ada' });

it('is the file that LOOKALIKE_ONEDNN names and no other, and none where it is off', () => {
  expect(on('linux', { LOOKALIKE_ONEDNN: '/opt/my/libdnnl.so', VIRTUAL_ENV: '/venv' })).toEqual(['/opt/my/libdnnl.so']);
  expect(on('linux', { LOOKALIKE_ONEDNN: 'off', VIRTUAL_ENV: '/venv' })).toEqual([]);
});

it('is where pip and conda put it first, then where the system does', () => {
  const places = on('linux', { VIRTUAL_ENV: '/venv', CONDA_PREFIX: '/conda' });
  const order = [
    '/venv/lib/libdnnl.so.3',
    '/conda/lib/libdnnl.so.3',
    '/home/ada/.local/lib/libdnnl.so.3',
    // Ubuntu 24.04's name and Debian 13's.
    '/usr/lib/x86_64-linux-gnu/libdnnl.so.3',
    '/usr/lib/x86_64-linux-gnu/libdnnl.so.3.6',
    // Fedora's.
    '/usr/lib64/libdnnl.so.3',
  ].map((place) => places.indexOf(place));
  expect(order).not.toContain(-1);
  expect(order).toEqual([...order].sort((a, b) => a - b));
});

it('knows the names of other systems, and none of a system without the library', () => {
  expect(on('darwin')).toContain('/opt/homebrew/lib/libdnnl.3.dylib');
  expect(on('darwin').some((place) => place.includes('.so'))).toBe(false);
  expect(on('win32', { CONDA_PREFIX: 'C' })[0]).toMatch(/dnnl\.dll$/);
  expect(on('aix')).toEqual([]);
});
