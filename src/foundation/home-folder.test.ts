import { homedir } from 'node:os';
import { expect, it } from 'vitest';
import { homeFolder } from './home-folder.ts';

it('is a folder of the user among the temporary files where the system knows no home', () => {
  expect(homeFolder()).toBe(homedir());
  const unknown = (): string => {
    throw new Error('uv_os_homedir returned ENOENT');
  };
  expect(homeFolder(unknown)).toMatch(/lookalike-user-(\d+|unknown)$/);
});
