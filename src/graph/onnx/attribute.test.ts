import { create } from '@bufbuild/protobuf';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import onnxAttributes from '../../../test/golden/onnx-attributes.json' with { type: 'json' };
import { completeAttributes, domainOf, operatorNames, schemaOf } from '../operators/operator.ts';
import { float32 } from '../tensor/tensor.ts';
import { wireName } from './attribute-name.ts';
import { encodeAttribute, encodeAttributes } from './encode-attribute.ts';
import {
  type AttributeProto,
  AttributeProtoSchema,
  AttributeProto_AttributeType as AttributeType,
  TensorProto_DataType as DataType,
} from './onnx_pb.ts';
import { floatOf, intOf, readAttributes, stringOf, tensorOf, unknownAttributes } from './read-attribute.ts';
import { readTensor } from './read-tensor.ts';

const byName = (attributes: readonly AttributeProto[]) => new Map(attributes.map((each) => [each.name, each]));
const wireKinds = { int: 'INT', ints: 'INTS', float: 'FLOAT', string: 'STRING', elementType: 'INT' } as const;

describe('attributes', () => {
  it('have the names and kinds that ONNX gives them', () => {
    const known: Readonly<Record<string, Readonly<Record<string, string>>>> = onnxAttributes;
    for (const op of operatorNames) {
      if (domainOf(op) !== '') continue;
      for (const [name, { kind }] of Object.entries(schemaOf(op).attributes)) {
        const expected = op === 'ConstantOfShape' ? 'TENSOR' : wireKinds[kind];
        expect([op, wireName(name), known[op][wireName(name)]]).toEqual([op, wireName(name), expected]);
      }
    }
    expect(Object.keys(schemaOf('FusedMatMul').attributes).map(wireName).sort()).toEqual(
      // From onnxruntime's ContribOperators.md.
      ['alpha', 'transA', 'transB', 'transBatchA', 'transBatchB'],
    );
    expect(wireName('cubicCoeffA')).toBe('cubic_coeff_a');
  });

  it('come back from the file as they were', () => {
    const conv = completeAttributes('Conv', { strides: [2, 1], group: 3 });
    const encoded = encodeAttributes('Conv', conv);
    // What stands for a default is not written.
    expect(encoded.map(({ name }) => name)).toEqual(['strides', 'group']);
    expect(readAttributes('Conv', byName(encoded), 'node')).toEqual({ strides: [2, 1], group: 3 });

    const resize = completeAttributes('Resize', { mode: 'cubic', cubicCoeffA: -0.3 });
    expect(readAttributes('Resize', byName(encodeAttributes('Resize', resize)), 'node')).toEqual(resize);
    const cast = encodeAttributes('Cast', { to: 'uint8' });
    expect(cast[0].i).toBe(BigInt(DataType.UINT8));
    expect(readAttributes('Cast', byName(cast), 'node')).toEqual({ to: 'uint8' });
    const filled = encodeAttributes('ConstantOfShape', { value: 0.5 });
    expect(readTensor(filled[0].t!, 'value')).toEqual(float32([1], [0.5]));
    expect(readAttributes('ConstantOfShape', byName(filled), 'node')).toEqual({ value: 0.5 });
  });

  it('keep any number of up to six digits, and any float32', () => {
    const written = (value: number) => floatOf(roundTrip(encodeAttribute('alpha', { kind: 'float', value })), 'node');
    const roundTrip = (attribute: AttributeProto) =>
      create(AttributeProtoSchema, { ...attribute, f: Math.fround(attribute.f) });
    fc.assert(
      fc.property(fc.integer({ min: -999999, max: 999999 }), fc.integer({ min: -20, max: 20 }), (digits, exponent) => {
        const value = Number(`${digits}e${exponent}`);
        expect(written(value)).toBe(value);
      }),
    );
    fc.assert(
      fc.property(fc.float({ noNaN: true }), (value) => {
        expect(Math.fround(written(value))).toBe(value);
      }),
    );
  });

  it('that an operator of our set lacks are found', () => {
    const attributes = byName([
      encodeAttribute('kernel_shape', { kind: 'ints', value: [2] }),
      encodeAttribute('auto_pad', { kind: 'string', value: 'VALID' }),
    ]);
    expect(unknownAttributes('Conv', attributes)).toEqual(['auto_pad']);
  });

  it('of another kind than expected are errors that name the node', () => {
    const axis = encodeAttribute('axis', { kind: 'float', value: 1 });
    expect(() => intOf(axis, "node 'n' (Concat)")).toThrow(
      "node 'n' (Concat): its attribute 'axis' is a FLOAT, expected INT",
    );
    expect(() => tensorOf(create(AttributeProtoSchema, { name: 'value', type: AttributeType.TENSOR }), 'n')).toThrow(
      'no tensor',
    );
    const huge = create(AttributeProtoSchema, { name: 'axis', type: AttributeType.INT, i: 2n ** 60n });
    expect(() => readAttributes('Concat', byName([huge]), 'n')).toThrow('n: 1152921504606846976 is too large');
    // The oldest files leave the kind out.
    expect(stringOf(create(AttributeProtoSchema, { name: 'mode', s: new TextEncoder().encode('edge') }), 'n')).toBe(
      'edge',
    );
  });
});
