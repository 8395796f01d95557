import { float32 } from '../../dist/graph/tensor/tensor.js';
import { fitClosedForm, linearMapOf } from '../../dist/ranking/closed-forms/closed-form.js';
import { matrix } from '../../dist/ranking/closed-forms/matrix.js';
import { MatrixProducts } from '../../dist/ranking/closed-forms/matrix-products.js';
import { contours, dimension, featureCount } from './model-graphs.mjs';

/** How far the scatter within classes goes towards the unit matrix: towards features as they are. */
const shrinkage = { features: 0.5, contours: 0.2 };

/**
 * The linear maps of both parts: the scatter within classes is brought to equal variance, and of what comes out the strongest
 * directions are taken.
 *
 * @param table features of all pictures, each part of the same length in every row.
 * @param labels the class of each row.
 * @returns the weights by their names.
 */
export async function fitHead(engine, { data, dimension: length }, labels) {
  const products = new MatrixProducts(engine);
  const weights = new Map();
  const fit = async (name, start, end, count, shrunk) => {
    const rows = unitPart(data, length, start, end);
    const form = await fitClosedForm(products, rows, labels, { kind: 'within-class', shrinkage: shrunk }, count);
    const { weight, bias } = await linearMapOf(products, form, end - start, count);
    weights.set(`${name}.weight`, float32([weight.rows, weight.columns], Float32Array.from(weight.data)));
    weights.set(`${name}.bias`, float32([bias.length], Float32Array.from(bias)));
  };
  await fit('embedding', 0, featureCount, dimension - contours.dimension, shrinkage.features);
  await fit('contours', featureCount, length, contours.dimension, shrinkage.contours);
  await products.close();
  return weights;
}

/** Columns from `start` to before `end`, every row of length 1. */
function unitPart(data, length, start, end) {
  const count = data.length / length;
  const part = matrix(count, end - start);
  for (let row = 0; row < count; row++) {
    const own = data.subarray(row * length + start, row * length + end);
    const norm = Math.sqrt(own.reduce((sum, value) => sum + value ** 2, 0)) || 1;
    for (let place = 0; place < own.length; place++) part.data[row * (end - start) + place] = own[place] / norm;
  }
  return part;
}
