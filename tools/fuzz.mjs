import { spawnSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { createRequire } from 'node:module';
import path from 'node:path';
import { parseArgs } from 'node:util';

// Tries a reader of files with many damaged and absurd ones: npm run fuzz -- model|onnx|safetensors|hdf5|pictures [--runs 10000] [--seed n]

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { runs: { type: 'string', default: '10000' }, seed: { type: 'string' } },
});
const [target, ...more] = positionals;
const wholeNumber = (text) => /^\d+$/.test(text) && Number.isSafeInteger(Number(text));
if (target === undefined || more.length > 0 || !wholeNumber(values.runs) || !wholeNumber(values.seed ?? '0')) {
  console.error(
    'usage: npm run fuzz -- <target> [--runs <n>] [--seed <n>]; the targets are pictures and those in test/fuzz/targets.ts',
  );
  process.exit(2);
}
const seed = values.seed ?? String(randomInt(2 ** 31));
console.log(`fuzzing ${target} with ${values.runs} files, seed ${seed}`);
if (target === 'pictures') {
  const { fuzzPictures } = await import('./fuzz-pictures.mjs');
  await fuzzPictures({ runs: Number(values.runs), seed: Number(seed) });
  process.exit();
}
const vitest = path.join(path.dirname(createRequire(import.meta.url).resolve('vitest/package.json')), 'vitest.mjs');
// In processes of a thousand: what a reader leaves behind after a damaged file must not decide about ten thousand others.
const perProcess = 1000;
for (let done = 0; done < Number(values.runs); done += perProcess) {
  const runs = Math.min(perProcess, Number(values.runs) - done);
  const { status } = spawnSync(process.execPath, [vitest, 'run', 'test/fuzz/fuzz.test.ts'], {
    stdio: 'inherit',
    env: {
      ...process.env,
      FUZZ_TARGET: target,
      FUZZ_RUNS: String(runs),
      FUZZ_SEED: String((Number(seed) + done) % 2 ** 31),
    },
  });
  if (status !== 0) process.exit(status ?? 1);
}
