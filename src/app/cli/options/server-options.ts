import { z } from 'zod';
import type { LookalikeClient } from '../../../service/client/client.ts';
import type { OptionDefinition } from '../command.ts';
import { CommandLineError } from '../command-line-error.ts';

/** Where the token of a service is looked for that no option gives. */
const tokenVariable = 'LOOKALIKE_TOKEN';

/** What may be given as a token: 16 letters or more. */
export const tokenInput = z
  .string()
  .regex(/^\S{16,}$/, 'must be 16 letters or more, none of them a space')
  .optional();

/** The token that was given, or else that of the environment. */
export function givenToken(token: string | undefined): string | undefined {
  const found = token ?? process.env[tokenVariable];
  return found === '' ? undefined : found;
}

/** The options of every command that a service can answer. */
export const serverOptions: readonly OptionDefinition[] = [
  {
    flags: '--server <url>',
    description: 'ask the service there, which has its model loaded: see serve',
  },
  { flags: '--token <text>', description: `the token of the service (default: the variable ${tokenVariable})` },
];

/** What may be given for them. */
export const serverInput = {
  server: z.url({ protocol: /^https?$/, error: 'must be an address such as http://127.0.0.1:8420' }).optional(),
  token: z.string().optional(),
};

/**
 * A client of the service that a command was told to ask.
 *
 * @param others options that a service does not go with, by their flags, as they were given.
 * @throws CommandLineError if one of them was.
 */
export async function clientOf(
  server: string,
  token: string | undefined,
  others: Readonly<Record<string, unknown>>,
  signal: AbortSignal,
): Promise<LookalikeClient> {
  const [wrong] = Object.entries(others).find(([, value]) => value !== undefined && value !== false) ?? [];
  if (wrong !== undefined) {
    throw new CommandLineError(`--server and ${wrong} do not go together: leave one of them out`);
  }
  const { LookalikeClient } = await import('../../../service/client/client.ts');
  return new LookalikeClient(server, { token: givenToken(token), signal });
}
