import { cast, mul } from '../../dist/graph/builder/operations.js';
import { rewriteGraph } from '../../dist/graph/builder/rewrite-graph.js';
import { constantOf } from '../../dist/graph/builder/value.js';
import { float32, tensor } from '../../dist/graph/tensor/tensor.js';

/** Weights with fewer numbers than this stay as they are. */
const fewest = 256;

/**
 * A copy of a graph whose filters and linear maps are kept in bytes: `int8 * scale`, a scale a filter, multiplied out in the
 * graph. onnxruntime does that once, when it opens the file; the network itself is computed in floating point.
 */
export function inBytes(graph) {
  return rewriteGraph(graph, (node, inputs, target) => {
    const weight = constantOf(inputs[1]);
    const isLayer = node.op === 'Conv' || (node.op === 'Gemm' && node.attributes.transB === 1);
    if (!isLayer || weight?.type !== 'float32' || weight.data.length < fewest || !differ(weight.data)) return undefined;
    const { bytes, scales } = rounded(weight);
    const stored = target.constant(bytes, `${inputs[1].name}.bytes`);
    const unfolded = mul(cast(stored, 'float32'), target.constant(scales, `${inputs[1].name}.scale`));
    return target.apply(node.op, [inputs[0], unfolded, ...inputs.slice(2)], node.attributes, { name: node.name });
  });
}

/** False for filters that only pick or add: they are exact as they are. */
const differ = (values) => new Set(values).size > 32;

function rounded({ shape, data }) {
  const [filters] = shape;
  const length = data.length / filters;
  const bytes = tensor('int8', shape);
  const scales = float32([filters, ...shape.slice(1).map(() => 1)], new Float32Array(filters));
  for (let filter = 0; filter < filters; filter++) {
    const own = data.subarray(filter * length, (filter + 1) * length);
    const scale = own.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0) / 127 || 1;
    scales.data[filter] = scale;
    for (let place = 0; place < length; place++) bytes.data[filter * length + place] = Math.round(own[place] / scale);
  }
  return { bytes, scales };
}
