import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeWorkplace, type Workplace } from './support/lookalike.ts';
import { form } from './support/running-service.ts';

const measuring = path.join(import.meta.dirname, 'support/serve-and-measure.mjs');

let work: Workplace;
beforeAll(async () => {
  work = await makeWorkplace();
  await work.lookalike('index', 'pictures', '-m', 'model.onnx');
});
afterAll(() => work.remove());

/** A photograph of so many pixels: noise that is smooth enough to be one. */
async function photograph(width: number, height: number): Promise<Uint8Array> {
  const noise = { type: 'gaussian', mean: 128, sigma: 60 } as const;
  const small = sharp({ create: { width: 200, height: 150, channels: 3, background: '#808080', noise } });
  return sharp(await small.png().toBuffer())
    .resize(width, height)
    .jpeg({ quality: 85 })
    .toBuffer();
}

// Linux alone says how long a thread has computed.
describe.runIf(existsSync('/proc/thread-self/schedstat'))("a service's event loop", () => {
  it('turns at least every 50 ms while 8 clients compare and search photographs', { timeout: 120_000 }, async () => {
    const child = spawn(process.execPath, [measuring], { cwd: work.folder, stdio: ['pipe', 'pipe', 'inherit'] });
    const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
    const { value: url } = await lines.next();
    const photo = await photograph(2400, 1800);
    const client = async () => {
      const statuses: number[] = [];
      for (let turn = 0; turn < 4; turn++) {
        for (const [to, body] of [
          ['search', form({ image: photo }, { k: 1000 })],
          ['compare', form({ first: photo, second: photo })],
          ['embed', form({ image: photo })],
        ] as const) {
          const answer = await fetch(`${url}/v1/${to}`, { method: 'POST', body });
          await answer.text();
          statuses.push(answer.status);
        }
        await (await fetch(`${url}/v1/thumbnail?id=arrow/1.png`)).arrayBuffer();
      }
      return statuses;
    };
    const statuses = await Promise.all(Array.from({ length: 8 }, client));
    expect(statuses.flat()).toEqual(Array(8 * 12).fill(200));
    child.stdin.end();
    const { value: longest } = await lines.next();
    expect(Number(longest)).toBeGreaterThan(0);
    expect(Number(longest)).toBeLessThan(50);
  });
});
