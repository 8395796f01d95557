import { spawn } from 'node:child_process';
import path from 'node:path';
import type { Terminal } from './terminal.ts';

/** The program that opens a file as its user's settings say, and the words before the file's name. */
const openers: { readonly [platform: string]: readonly [program: string, ...words: string[]] } = {
  darwin: ['open'],
  win32: ['rundll32', 'url.dll,FileProtocolHandler'],
};

/**
 * Opens a page in the user's browser, without a shell, and leaves it there. Where that cannot be done (no desktop, no such
 * program) a warning says so, for the page is written all the same.
 */
export async function openPage(terminal: Terminal, file: string, platform: string = process.platform): Promise<void> {
  const [program, ...words] = openers[platform] ?? ['xdg-open'];
  const failure = await started(program, [...words, path.resolve(file)]);
  if (failure !== undefined)
    terminal.warn(`cannot open the page by '${program}' (${failure}): open '${file}' yourself`);
}

/** Why a program could not be started; undefined if it was. */
function started(program: string, words: readonly string[]): Promise<string | undefined> {
  return new Promise((resolve) => {
    const child = spawn(program, words, { stdio: 'ignore', detached: true });
    child.once('error', (error) => resolve(error.message));
    child.once('spawn', () => {
      child.unref();
      resolve(undefined);
    });
  });
}
