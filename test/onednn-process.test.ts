import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { needingOneDnn, withOneDnn, withoutOneDnn } from './support/onednn-here.ts';

/** A process that computes with oneDNN in this thread or in a thread of its own, and ends as it is told. */
function run(engine: string, ending: string, environment: Readonly<Record<string, string>> = {}) {
  const source = (file: string) => JSON.stringify(pathToFileURL(path.join(import.meta.dirname, '../dist', file)).href);
  const script = `
    import { OneDnnEngine } from ${source('engines/onednn/onednn-engine.js')};
    import { WorkerEngine } from ${source('engines/worker/worker-engine.js')};
    import { Graph } from ${source('graph/builder/graph.js')};
    import { matMul } from ${source('graph/builder/operations.js')};
    const engine = await ${engine};
    const graph = new Graph();
    const size = 512;
    const [a, b] = ['a', 'b'].map((name) => graph.input(name, 'float32', [size, size]));
    graph.output('y', matMul(a, b));
    const ones = () => ({ type: 'float32', shape: [size, size], data: new Float32Array(size * size).fill(1) });
    const program = await engine.compile(graph);
    const { y } = await program.run({ a: ones(), b: ones() });
    console.log(engine.description, y.data.every((value) => value === size));
    ${ending}
  `;
  const env = { ...withOneDnn, ...environment };
  return spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8', timeout: 60_000, env });
}

const here = 'OneDnnEngine.create()';
const thread = "WorkerEngine.create({ onednn: { precision: 'float32' } })";

describe.skipIf(withoutOneDnn !== undefined)(needingOneDnn('a process that has used oneDNN'), () => {
  it.each([
    ['in its own thread, closed', here, 'await engine.close();'],
    ['in its own thread, left open', here, ''],
    ['in its own thread, by process.exit', here, 'process.exit(0);'],
    ['in another thread, closed', thread, 'await engine.close();'],
    ['in another thread, left open', thread, ''],
    ['in another thread, by process.exit', thread, 'process.exit(0);'],
  ])('ends well every time: %s', (_, engine, ending) => {
    for (let again = 0; again < 3; again++) {
      const { status, signal, stdout, stderr } = run(engine, ending);
      expect({ status, signal, stderr }).toEqual({ status: 0, signal: null, stderr: '' });
      expect(stdout).toMatch(/^oneDNN 3\..* true$/m);
    }
  });

  it.each(['AVX2', 'AVX512_CORE'])('computes right where the processor has no more than %s', (instructions) => {
    const { status, stdout, stderr } = run(here, 'await engine.close();', { ONEDNN_MAX_CPU_ISA: instructions });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(/\(\w+, AVX(2|-512|2 with VNNI.*)\), float32.* true$/m);
  });
});
