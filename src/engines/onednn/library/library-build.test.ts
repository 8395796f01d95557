import { expect, it } from 'vitest';
import { EngineError } from '../../../foundation/errors/engine-error.ts';
import { runtime } from './constants.ts';
import { checkBuild } from './library-build.ts';

const check = (major: number, threading: number) => () =>
  checkBuild('/usr/lib/libdnnl.so.2', { version: [major, 6, 3], threading });

it.each([runtime.openMp, runtime.tbb])('takes version 3 with threads of its own (%d)', (threading) => {
  expect(check(3, threading)).not.toThrow();
});

it('refuses version 2 with the way to version 3', () => {
  expect(check(2, runtime.openMp)).toThrow(EngineError);
  expect(check(2, runtime.openMp)).toThrow(
    /'\/usr\/lib\/libdnnl\.so\.2' is oneDNN 2\.6\.3; version 3 is needed.*pip install/,
  );
});

it.each([
  [512, 'for SYCL'],
  [runtime.threadPool, 'for threads that a C\\+\\+ program brings'],
  [runtime.sequential, 'for one thread'],
])('refuses a build whose threads are others (%d)', (threading, words) => {
  expect(check(3, threading)).toThrow(new RegExp(`oneDNN 3\\.6\\.3, built ${words}.*OpenMP or TBB.*pip install`));
});
