// node bench/backbone/backbone-matrix.mjs <folder of export-matrix.py> [results.json]
// For each exported network: is it read, is a cut marked, are its features (those of the file in onnxruntime, pooled over the axes
// that PyTorch says are places) what the trunk gives for several pictures at once, and are they PyTorch's own features before the pool?
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { OnnxruntimeEngine } from '../../dist/engines/onnxruntime/onnxruntime-engine.js';
import { Graph } from '../../dist/graph/builder/graph.js';
import { float32 } from '../../dist/graph/tensor/tensor.js';
import { checkTrunk } from '../../dist/ranking/backbones/check-trunk.js';
import { cutPoints, noCutReason } from '../../dist/ranking/backbones/cut-points.js';
import { openForeignNetwork } from '../../dist/ranking/backbones/foreign-network.js';
import { cutTrunk } from '../../dist/ranking/backbones/trunk.js';
import { trunkFeatures } from '../../dist/ranking/backbones/trunk-features.js';
import { InferenceScope } from '../../dist/ranking/networks/network-scope.js';

const [folder, results] = process.argv.slice(2);
const engine = await OnnxruntimeEngine.create({ threads: 1 });

/** What the trunk makes of pictures that enter as they are. */
async function featuresOf(network, cut, pictures, rows) {
  const config = {
    sha256: '0'.repeat(64),
    cut: cut.name,
    frozen: 'all',
    layout: network.layout,
    channels: 'rgb',
    mean: [0, 0, 0],
    deviation: [1, 1, 1],
    cached: true,
  };
  const trunk = cutTrunk(network, { cut, frozen: 'all' }, config);
  checkTrunk(trunk);
  const graph = new Graph();
  // The batch stays open, as in a model file.
  const image = graph.input('image', 'float32', ['N', 3, network.height, network.width]);
  graph.output('features', trunkFeatures(new InferenceScope(graph, new Map()), image, trunk));
  const program = await engine.compile(graph);
  const { features } = await program.run({ image: float32([rows, 3, network.height, network.width], pictures) });
  await program.release();
  return features;
}

const worst = (found, wanted) =>
  found.length !== wanted.length
    ? Number.POSITIVE_INFINITY
    : found.reduce(
        (most, value, place) => Math.max(most, Math.abs(value - wanted[place]) / Math.max(1, Math.abs(wanted[place]))),
        0,
      );

async function tried(file, facts) {
  const rows = facts.features.length;
  try {
    const network = openForeignNetwork(new Uint8Array(readFileSync(file)), { size: facts.side });
    const points = cutPoints(network);
    const reason = noCutReason(network, points);
    const best =
      points.find(({ suggested }) => suggested === 'features') ??
      points.find(({ suggested }) => suggested === 'vector');
    const unread = network.unread.find(({ follows }) => !follows)?.reason;
    if (best === undefined) return { read: false, why: reason ?? unread ?? 'no place is marked' };
    const features = await featuresOf(network, best.value, facts.pictures, rows);
    const off = worst([...features.data], facts.features.flat());
    return {
      read: true,
      cut: best.value.name,
      operator: best.node.op,
      shape: best.shape,
      features: features.shape[1],
      wanted: facts.features[0].length,
      off: Number.isFinite(off) ? Number(off.toPrecision(2)) : null,
      right: off < 1e-5,
      learnable: best.obstacles.length === 0,
      ...(unread === undefined ? {} : { unread }),
    };
  } catch (error) {
    return { read: false, why: error.message };
  }
}

const table = {};
for (const name of readdirSync(folder).filter((each) => each.endsWith('.json'))) {
  const base = name.slice(0, -'.json'.length);
  const facts = JSON.parse(readFileSync(path.join(folder, name), 'utf8'));
  for (const file of readdirSync(folder).filter((each) => each.startsWith(`${base}.`) && each.endsWith('.onnx'))) {
    const [exporter, batch] = file.slice(base.length + 1).split('.');
    const result = await tried(path.join(folder, file), facts);
    table[`${base} ${exporter} ${batch}`] = result;
    console.log(
      `${base} ${exporter} ${batch}: ${result.read ? `${result.right ? 'right' : 'OTHER'} ${result.cut} ${result.operator} [${result.shape}] ${result.features} of ${result.wanted}, off ${result.off}${result.learnable ? '' : ', frozen'}` : `NOT READ ${result.why.slice(0, 400)}`}`,
    );
  }
}
await engine.close();
if (results !== undefined) writeFileSync(results, `${JSON.stringify(table, null, 1)}\n`);
