import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import fc from 'fast-check';
import { exportModel } from '../../src/graph/export/export-model.ts';
import { importModel } from '../../src/graph/import/import-model.ts';
import {
  type ModelProto,
  ModelProtoSchema,
  StringStringEntryProtoSchema,
  TensorProto_DataLocation,
  TensorShapeProto_DimensionSchema,
} from '../../src/graph/onnx/onnx_pb.ts';
import { cutPoints } from '../../src/ranking/backbones/cut-points.ts';
import { openForeignNetwork } from '../../src/ranking/backbones/foreign-network.ts';
import { mobileNetwork, visionTransformer } from '../fixtures/foreign-networks.ts';
import { damagedBytes } from './damaged-bytes.ts';
import type { FuzzTarget } from './fuzz-target.ts';

const whole = fc.constantFrom(mobileNetwork(), mobileNetwork({ batch: 1, size: 16 }), visionTransformer());

/** Numbers that lengths, counts and offsets ought not to be. */
const absurd = fc.oneof(
  fc.constantFrom(0n, -1n, 1n, 2n ** 31n - 1n, 2n ** 31n, 2n ** 32n, 2n ** 53n, 2n ** 62n, -(2n ** 63n)),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
);
const words = fc.constantFrom(
  '',
  'Conv',
  'Selu',
  'NoSuchOperator',
  'Loop',
  'Identity',
  'image',
  'com.microsoft',
  '\u0000',
  'é',
);
const place = fc.nat();

/** Changes one thing that a file says, so that it stays a protobuf. */
type Lie = (model: ModelProto) => void;

const of = <T>(list: readonly T[], at: number): T | undefined => list[at % Math.max(1, list.length)];

const lies: fc.Arbitrary<Lie> = fc.oneof(
  fc.tuple(place, place, absurd).map(
    ([at, axis, length]): Lie =>
      ({ graph }) => {
        const weight = of(graph!.initializer, at);
        if (weight !== undefined && weight.dims.length > 0) weight.dims[axis % weight.dims.length] = length;
      },
  ),
  fc.tuple(place, fc.array(absurd, { maxLength: 9 })).map(
    ([at, dims]): Lie =>
      ({ graph }) => {
        const weight = of(graph!.initializer, at);
        if (weight !== undefined) weight.dims = dims;
      },
  ),
  fc.tuple(place, fc.nat({ max: 30 })).map(
    ([at, type]): Lie =>
      ({ graph }) => {
        const weight = of(graph!.initializer, at);
        if (weight !== undefined) weight.dataType = type;
      },
  ),
  fc.tuple(place, words, absurd, absurd).map(
    ([at, file, offset, length]): Lie =>
      ({ graph }) => {
        const weight = of(graph!.initializer, at);
        if (weight === undefined) return;
        const entry = (key: string, value: string) => create(StringStringEntryProtoSchema, { key, value });
        weight.dataLocation = TensorProto_DataLocation.EXTERNAL;
        weight.externalData = [entry('location', file), entry('offset', `${offset}`), entry('length', `${length}`)];
      },
  ),
  fc.tuple(place, place, absurd).map(
    ([at, axis, length]): Lie =>
      ({ graph }) => {
        const type = of([...graph!.input, ...graph!.output, ...graph!.valueInfo], at)?.type?.value;
        const dim = type?.case === 'tensorType' ? type.value.shape?.dim : undefined;
        if (dim === undefined || dim.length === 0) return;
        dim[axis % dim.length] = create(TensorShapeProto_DimensionSchema, {
          value: { case: 'dimValue', value: length },
        });
      },
  ),
  fc.tuple(place, words, words).map(
    ([at, op, domain]): Lie =>
      ({ graph }) => {
        const node = of(graph!.node, at);
        if (node !== undefined) Object.assign(node, { opType: op, domain: domain === 'com.microsoft' ? domain : '' });
      },
  ),
  fc.tuple(place, place, words).map(
    ([at, input, name]): Lie =>
      ({ graph }) => {
        const node = of(graph!.node, at);
        if (node !== undefined && node.input.length > 0) node.input[input % node.input.length] = name;
      },
  ),
  fc.tuple(place, place, absurd, place).map(
    ([at, which, number, index]): Lie =>
      ({ graph }) => {
        const attribute = of(of(graph!.node, at)?.attribute ?? [], which);
        if (attribute === undefined) return;
        attribute.i = number;
        if (attribute.ints.length > 0) attribute.ints[index % attribute.ints.length] = number;
      },
  ),
  fc.tuple(place, place).map(
    ([from, to]): Lie =>
      ({ graph }) => {
        const node = of(graph!.node, from);
        if (node !== undefined) graph!.node.splice(to % graph!.node.length, 0, node);
      },
  ),
  place.map(
    (at): Lie =>
      ({ graph }) => {
        graph!.node.splice(at % Math.max(1, graph!.node.length), 1);
      },
  ),
  absurd.map(
    (version): Lie =>
      (model) => {
        model.opsetImport[0].version = version;
      },
  ),
);

const lying = fc.tuple(whole, fc.array(lies, { minLength: 1, maxLength: 4 })).map(([bytes, told]) => {
  const model = fromBinary(ModelProtoSchema, bytes);
  for (const lie of told) lie(model);
  return toBinary(ModelProtoSchema, model);
});

/** ONNX files, as `train --backbone` and `cut-points` read them. */
export const onnxTarget: FuzzTarget = {
  name: 'onnx',
  files: fc.oneof(
    { weight: 4, arbitrary: damagedBytes(whole) },
    { weight: 5, arbitrary: lying },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 300 }) },
  ),
  read(bytes) {
    exportModel(importModel(bytes));
    return cutPoints(openForeignNetwork(bytes, { size: 16 }));
  },
};
