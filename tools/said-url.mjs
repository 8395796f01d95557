import { createInterface } from 'node:readline';

/**
 * Where a service is, which it says on its standard error; what else it says there is passed on.
 *
 * @param {import('node:child_process').ChildProcess} service `lookalike serve` or `label`, its standard error a pipe
 * @returns {Promise<string>} rejected if it ends before.
 */
export function saidUrl(service) {
  return new Promise((resolve, reject) => {
    service.on('exit', (code) => reject(new Error(`the service ended with ${code}`)));
    createInterface({ input: service.stderr }).on('line', (line) => {
      const [, url] = /(http:\/\/[\d.:]+)/.exec(line) ?? [];
      if (url === undefined) console.error(line);
      else resolve(url);
    });
  });
}
