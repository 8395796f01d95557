import path from 'node:path';
import { z } from 'zod';
import { exists } from '../../../foundation/files/exists.ts';
import { writeAtomically } from '../../../foundation/files/write-atomically.ts';
import type { OptionDefinition } from '../command.ts';
import { CommandLineError } from '../command-line-error.ts';
import { openPage } from '../output/open-page.ts';
import type { Terminal } from '../output/terminal.ts';

/** The options of commands that can write a page of pictures. */
export const htmlOptions: readonly OptionDefinition[] = [
  { flags: '--html <file>', description: 'write a page of the pictures, too: one file that needs nothing else' },
  { flags: '--open', description: 'with --html: open the page in the browser' },
];

/** What these options hold. */
export const htmlInput = {
  html: z
    .string()
    .regex(/\.html?$/i, 'must end in .html')
    .optional(),
  open: z.boolean().default(false),
};

/** Pictures that a page has room for, so that a browser still shows it. */
export const mostPictures = 2000;

/**
 * Checks where a page is to go, before anything is done for it.
 *
 * @param pictures that it will have, at most.
 * @throws CommandLineError if `--open` has no page to open, the page's folder is not there, or the pictures are too many for it.
 */
export async function checkPage(html: string | undefined, open: boolean, pictures: number): Promise<void> {
  if (html === undefined) {
    if (open) throw new CommandLineError('--open opens the page that --html writes: give --html <file>, too');
    return;
  }
  if (pictures > mostPictures) {
    throw new CommandLineError(
      `a page has room for ${mostPictures} pictures, and there may be ${pictures}: ask for fewer`,
    );
  }
  const folder = path.dirname(html);
  if (!(await exists(folder)))
    throw new CommandLineError(`there is no folder '${folder}' for the page: make it, or name another`);
}

/** Writes a page and says where it is; opens it if that was asked for. */
export async function deliverPage(terminal: Terminal, file: string, page: string, open: boolean): Promise<void> {
  await writeAtomically(file, page);
  terminal.note(`page: ${file}`);
  if (open) await openPage(terminal, file);
}
