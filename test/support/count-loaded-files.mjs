// Hooks of Node's loader: names each file that is loaded as a module on standard error, one a line.
import { writeSync } from 'node:fs';

export async function load(url, context, next) {
  if (url.startsWith('file:')) writeSync(2, `loaded ${url}\n`);
  return next(url, context);
}
