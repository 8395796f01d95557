import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { lookalike } from './lookalike.mjs';

// What the preset auto makes of sets of pictures that lie in two halves of classes, <sets>/<set>/{train,test}/<class>/<picture>:
//   node bench/quality/auto.mjs <sets> -o auto.json [--set stamps]... [--backbone lite0.onnx] [--seeds 0,1,2] [--expect known-classes]
// Each set is learnt from its train half; what the run says of itself stands beside what the test half says. May be stopped and
// started again: what the file has is not done anew.

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    output: { type: 'string', short: 'o' },
    set: { type: 'string', multiple: true, default: ['crops', 'stamps', 'icons', 'products'] },
    backbone: { type: 'string' },
    normalize: { type: 'string' },
    seeds: { type: 'string', default: '0' },
    expect: { type: 'string', default: 'both' },
  },
});
const [sets] = positionals;
if (sets === undefined || values.output === undefined) {
  console.error(
    'usage: node bench/quality/auto.mjs <sets> -o auto.json [--set name]... [--backbone file.onnx] [--seeds 0,1,2]',
  );
  process.exit(2);
}
const done = existsSync(values.output) ? JSON.parse(readFileSync(values.output, 'utf8')) : [];

for (const seed of values.seeds.split(',')) {
  for (const set of values.set) {
    const backbone = values.backbone === undefined ? 'packaged' : path.basename(values.backbone);
    const same = { set, backbone, seed: Number(seed), expect: values.expect };
    if (done.some((one) => Object.entries(same).every(([name, value]) => one[name] === value))) continue;
    const folder = mkdtempSync(path.join(tmpdir(), 'lookalike-auto-'));
    const chosen = [
      ...(values.backbone === undefined ? [] : ['--backbone', values.backbone]),
      ...(values.normalize === undefined ? [] : ['--normalize', values.normalize]),
    ];
    const began = performance.now();
    const trained = lookalike(
      'train',
      path.join(sets, set, 'train'),
      '-o',
      folder,
      '--seed',
      seed,
      '--time',
      '20m',
      '--expect',
      values.expect,
      ...chosen,
    );
    const seconds = Math.round((performance.now() - began) / 1000);
    const model = path.join(folder, 'model.onnx');
    const { measures } = lookalike('evaluate', path.join(sets, set, 'test'), '--model', model).evaluation;
    const { newClasses, knownClasses } = trained.start;
    const said = (values.expect === 'known-classes' ? knownClasses : newClasses).at(-1);
    done.push({
      ...same,
      seconds,
      found: { recallAt1: measures.recallAt1, mapAtR: measures.mapAtR },
      said: { recallAt1: said.recallAt1, mapAtR: said.mapAtR },
      reasons: trained.start.reasons,
    });
    writeFileSync(values.output, `${JSON.stringify(done, null, 2)}\n`);
    rmSync(folder, { recursive: true });
    const text = ({ recallAt1, mapAtR }) =>
      `${(100 * recallAt1.value).toFixed(1)} / ${(100 * mapAtR.value).toFixed(1)}`;
    console.log(`${set}, ${backbone}, seed ${seed}: ${text(measures)} found, ${text(said)} said, ${seconds} s`);
  }
}
