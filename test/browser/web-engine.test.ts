import { afterAll, describe, expect, it } from 'vitest';
import { openChecksPage } from './engine-checks-page.ts';

// The page is open before tests are defined: it knows which there are.
const checks = await openChecksPage('wasm', 'none');
afterAll(() => checks.close());

describe('onnxruntime-web in a page', () => {
  it('has tests of the contract and of operators', () => expect(checks.names.length).toBeGreaterThan(60));

  it.each(checks.names.map((name, place) => ({ name, place })))('$name', async ({ place }) => {
    expect(await checks.run(place)).toBeNull();
  });

  it('is closed without a complaint, and asked for nothing but its own files', async () => {
    await checks.page.evaluate('checks.end()');
    expect(checks.complaints).toEqual([]);
    const own = /^\/(index\.html|checks\.js|onnxruntime\/(ort\.wasm\.min|ort-wasm-simd-threaded)\.(mjs|wasm))$/;
    expect(checks.asked.filter((address) => !own.test(address))).toEqual([]);
  });
});
