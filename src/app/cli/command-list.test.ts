import { describe, expect, it } from 'vitest';
import { commandNames, commandsFor } from './command-list.ts';

describe('commandsFor', () => {
  it('gives every command under its own name, in the order of the help', async () => {
    expect((await commandsFor(['--help'])).map(({ name }) => name)).toEqual(commandNames);
  });

  it('gives only the command that the first word names', async () => {
    for (const wanted of commandNames) {
      expect((await commandsFor([wanted, 'train'])).map(({ name }) => name)).toEqual([wanted]);
    }
  });

  it('gives all where the first word names none, and where there is no word', async () => {
    for (const argv of [[], ['trian'], ['help', 'train'], ['--json', 'compare'], ['constructor']]) {
      expect(await commandsFor(argv)).toHaveLength(commandNames.length);
    }
  });
});
