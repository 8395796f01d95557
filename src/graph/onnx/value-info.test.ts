import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { TensorProto_DataType as DataType, ValueInfoProtoSchema } from './onnx_pb.ts';
import { readValueInfo, valueInfo } from './value-info.ts';

describe('value descriptions', () => {
  it('come back as they were, names of lengths included', () => {
    expect(readValueInfo(valueInfo('x', 'uint8', ['N', 3, 0, 'W']))).toEqual({
      type: 'uint8',
      shape: ['N', 3, 0, 'W'],
    });
    expect(readValueInfo(valueInfo('x', 'bool', []))).toEqual({ type: 'bool', shape: [] });
  });

  const described = (elemType: number, dim: object[] | undefined) =>
    create(ValueInfoProtoSchema, {
      name: 'x',
      type: { value: { case: 'tensorType', value: dim === undefined ? { elemType } : { elemType, shape: { dim } } } },
    });

  it('give a name to a length that has none', () => {
    const dims = [{}, { value: { case: 'dimParam', value: '' } }, { value: { case: 'dimValue', value: -1n } }];
    expect(readValueInfo(described(DataType.FLOAT, dims)).shape).toEqual(['x.0', 'x.1', 'x.2']);
  });

  it('read half precision as float32', () => {
    expect(readValueInfo(described(DataType.FLOAT16, [])).type).toBe('float32');
    expect(readValueInfo(described(DataType.BFLOAT16, [])).type).toBe('float32');
  });

  it('that are of no use are errors that name the value', () => {
    expect(() => readValueInfo(described(DataType.FLOAT, undefined))).toThrow(
      "value 'x' has no shape in the file: run ONNX shape inference on the model first",
    );
    expect(() => readValueInfo(described(DataType.STRING, []))).toThrow("value 'x' has the element type STRING");
    expect(() => readValueInfo(create(ValueInfoProtoSchema, { name: 'x' }))).toThrow(
      "value 'x' is described as nothing",
    );
    const sequence = { value: { case: 'sequenceType', value: {} } } as const;
    expect(() => readValueInfo(create(ValueInfoProtoSchema, { name: 'x', type: sequence }))).toThrow('sequenceType');
    const long = [{ value: { case: 'dimValue', value: 2n ** 62n } }];
    expect(() => readValueInfo(described(DataType.FLOAT, long))).toThrow('axis 0 of length 4611686018427387904');
  });
});
