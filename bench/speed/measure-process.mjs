import { spawn } from 'node:child_process';

/**
 * Runs one measurement in a fresh process and reads the JSON on the last line of what it prints.
 *
 * @param {{ file: string, args: readonly string[], cwd: string, threads: number, wall?: boolean }} run `wall`: the process's
 *   whole life takes the place of the seconds that it prints.
 * @returns {Promise<Record<string, unknown> & { seconds: number }>}
 * @throws if it fails or prints no JSON, with the last lines of its messages.
 */
export function measureProcess({ file, args, cwd, threads, wall = false }) {
  const count = String(threads);
  const env = { ...process.env, OMP_NUM_THREADS: count, MKL_NUM_THREADS: count, OPENBLAS_NUM_THREADS: count };
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const child = spawn(file, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let [out, messages] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text) => {
      out += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text) => {
      messages = (messages + text).slice(-4000);
    });
    child.on('error', reject);
    child.on('close', (code, signal) => {
      const seconds = (performance.now() - started) / 1000;
      if (code !== 0) {
        const reason = signal === null ? `exit code ${code}` : `ended by ${signal}, as where memory is short`;
        reject(new Error(`${reason}: ${messages.trim().split('\n').slice(-4).join(' | ')}`));
        return;
      }
      const result = lastJson(out);
      if (result === undefined) reject(new Error(`it printed no JSON, but: ${out.slice(-300)}`));
      else if (wall) resolve({ ...result, seconds });
      else if (typeof result.seconds === 'number') resolve(result);
      else reject(new Error('its JSON has no seconds'));
    });
  });
}

/** The document that the text ends with: the whole of it, or its last line. */
function lastJson(text) {
  for (const candidate of [text, text.trim().split('\n').at(-1)]) {
    try {
      return JSON.parse(candidate);
    } catch {
      // The other one may be it.
    }
  }
  return undefined;
}
