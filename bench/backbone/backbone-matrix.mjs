// node bench/backbone/backbone-matrix.mjs <folder of export-matrix.py and export-keras.py> [results.json]
// For each exported network: is it read; is a cut marked, and are its features for two pictures at once, in a graph with an open
// batch, the framework's own before its pool (`right`); are they what onnxruntime makes of the untouched file at that tensor
// (`offFile`); can all that lies before it be learnt, or what stops it?
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import * as ort from 'onnxruntime-node';
import { OnnxruntimeEngine } from '../../dist/engines/onnxruntime/onnxruntime-engine.js';
import { Graph } from '../../dist/graph/builder/graph.js';
import { ModelProtoSchema, ValueInfoProtoSchema } from '../../dist/graph/onnx/onnx_pb.js';
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

/** The features that onnxruntime finds in the file at the cut, as many pictures at once as the file takes. */
async function featuresOfFile(bytes, network, { value, axes }, { pictures, features: { length: rows } }) {
  const model = fromBinary(ModelProtoSchema, bytes);
  if (!model.graph.output.some(({ name }) => name === value.name)) {
    model.graph.output.push(create(ValueInfoProtoSchema, { name: value.name }));
  }
  const session = await ort.InferenceSession.create(toBinary(ModelProtoSchema, model), { logSeverityLevel: 4 });
  const { height, width, layout } = network;
  const one = 3 * height * width;
  const found = [];
  for (let row = 0; row < rows; row += network.exportedRows ?? rows) {
    const taken = network.exportedRows ?? rows;
    const part = Float32Array.from(pictures.slice(row * one, (row + taken) * one));
    const laid =
      layout === 'nchw'
        ? new ort.Tensor('float32', part, [taken, 3, height, width])
        : new ort.Tensor(
            'float32',
            part.map((_, i) => part[Math.floor(i / one) * one + (i % 3) * height * width + Math.floor((i % one) / 3)]),
            [taken, height, width, 3],
          );
    const { [value.name]: cut } = await session.run({ [network.image.name]: laid }, [value.name]);
    found.push(...pooledOver(cut, axes));
  }
  await session.release();
  return found;
}

/** Means over the axes that are places, in rows of channels. */
function pooledOver({ dims, data }, { channels }) {
  const kept = [0, ...channels];
  const sums = new Float64Array(kept.reduce((size, axis) => size * dims[axis], 1));
  const strides = dims.map((_, axis) => dims.slice(axis + 1).reduce((size, each) => size * each, 1));
  for (const [place, number] of data.entries()) {
    const target = kept.reduce((at, axis) => at * dims[axis] + (Math.floor(place / strides[axis]) % dims[axis]), 0);
    sums[target] += number;
  }
  return [...sums].map((sum) => (sum * sums.length) / data.length);
}

/** The largest difference, as a share of the largest number that was wanted. */
const worst = (found, wanted) => {
  if (found.length !== wanted.length) return Number.POSITIVE_INFINITY;
  const largest = (numbers) => numbers.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return largest(found.map((value, place) => value - wanted[place])) / largest(wanted);
};

async function tried(file, facts) {
  const rows = facts.features.length;
  try {
    const bytes = new Uint8Array(readFileSync(file));
    const network = openForeignNetwork(bytes, { size: facts.side });
    const points = cutPoints(network);
    const reason = noCutReason(network, points);
    const best =
      points.find(({ suggested }) => suggested === 'features') ??
      points.find(({ suggested }) => suggested === 'vector');
    const unread = network.unread.find(({ follows }) => !follows)?.reason;
    if (best === undefined) return { read: false, why: reason ?? unread ?? 'no place is marked' };
    const features = await featuresOf(network, best.value, facts.pictures, rows);
    const offFile = worst([...features.data], await featuresOfFile(bytes, network, best, facts));
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
      offFile: Number(offFile.toPrecision(2)),
      learnable: best.obstacles.length === 0,
      ...(best.obstacles.length === 0 ? {} : { frozenBy: best.obstacles[0].node.op }),
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
      `${base} ${exporter} ${batch}: ${result.read ? `${result.right ? 'right' : 'OTHER'} ${result.cut} ${result.operator} [${result.shape}] ${result.features} of ${result.wanted}, off ${result.off} and ${result.offFile} from onnxruntime${result.learnable ? '' : ', frozen'}` : `NOT READ ${result.why.slice(0, 400)}`}`,
    );
  }
}
await engine.close();
if (results !== undefined) writeFileSync(results, `${JSON.stringify(table, null, 1)}\n`);
