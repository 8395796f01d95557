import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { symlink } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';

/** Makes a named pipe. */
export function makePipe(file: string): void {
  execFileSync('mkfifo', [file]);
}

/** Makes what is no ordinary file: `pipe`, `socket`, `device` and links to them, with an ending. @returns how to end them. */
export async function makeSpecialFiles(folder: string, ending: string): Promise<() => void> {
  const at = (name: string) => path.join(folder, `${name}${ending}`);
  makePipe(at('pipe'));
  await symlink(at('pipe'), at('link-to-pipe'));
  await symlink('/dev/zero', at('device'));
  await symlink(at('socket'), at('link-to-socket'));
  const server = createServer();
  server.listen(at('socket'));
  await once(server, 'listening');
  return () => server.close();
}
