import { create, type MessageInitShape, toBinary } from '@bufbuild/protobuf';
import * as ort from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { float32, tensor } from '../tensor/tensor.ts';
import { decodeModel } from './decode-model.ts';
import {
  TensorProto_DataType as DataType,
  ModelProtoSchema,
  TensorProto_DataLocation,
  TensorProtoSchema,
} from './onnx_pb.ts';
import { readTensor } from './read-tensor.ts';
import { tensorProto } from './tensor-proto.ts';

const proto = (init: MessageInitShape<typeof TensorProtoSchema>) => create(TensorProtoSchema, init);
const read = (init: MessageInitShape<typeof TensorProtoSchema>) => readTensor(proto(init), "initializer 't'");

describe('readTensor', () => {
  it('gives back what tensorProto wrote, for every element type', () => {
    const tensors = [
      float32([2, 2], [1.5, -0, Number.NaN, Number.POSITIVE_INFINITY]),
      tensor('float64', [2], Float64Array.of(Math.PI, -1e300)),
      tensor('int32', [3], Int32Array.of(-(2 ** 31), 0, 2 ** 31 - 1)),
      tensor('int64', [], BigInt64Array.of(-(2n ** 63n))),
      tensor('uint8', [1, 2], Uint8Array.of(0, 255)),
      tensor('int8', [2, 1], Int8Array.of(-128, 127)),
      tensor('bool', [2], Uint8Array.of(0, 1)),
      float32([0, 3], []),
    ];
    for (const each of tensors) expect(readTensor(tensorProto(each), 't')).toEqual(each);
  });

  it('copies the elements, whose place in a file need not be aligned', () => {
    const file = Buffer.from([9, ...new Uint8Array(Float32Array.of(1, 2).buffer)]);
    const found = read({ dims: [2n], dataType: DataType.FLOAT, rawData: file.subarray(1) });
    file.fill(0);
    expect(found).toEqual(float32([2], [1, 2]));
  });

  it('reads the field of each type', () => {
    const dims = [2n];
    expect(read({ dims, dataType: DataType.FLOAT, floatData: [0.5, -1] })).toEqual(float32([2], [0.5, -1]));
    expect(read({ dims, dataType: DataType.DOUBLE, doubleData: [0.1, 2] }).data).toEqual(Float64Array.of(0.1, 2));
    expect(read({ dims, dataType: DataType.INT64, int64Data: [5n, -6n] }).data).toEqual(BigInt64Array.of(5n, -6n));
    expect(read({ dims, dataType: DataType.INT32, int32Data: [5, -6] }).data).toEqual(Int32Array.of(5, -6));
    expect(read({ dims, dataType: DataType.UINT8, int32Data: [5, 250] }).data).toEqual(Uint8Array.of(5, 250));
    expect(read({ dims, dataType: DataType.INT8, int32Data: [5, -6] }).data).toEqual(Int8Array.of(5, -6));
    expect(read({ dims, dataType: DataType.BOOL, int32Data: [0, 7] })).toEqual(
      tensor('bool', [2], Uint8Array.of(0, 1)),
    );
    // 0x3c00 is 1 in binary16, 0xc000 is -2 both there and, as the upper half of a float32, in bfloat16.
    expect(read({ dims, dataType: DataType.FLOAT16, int32Data: [0x3c00, 0xc000] })).toEqual(float32([2], [1, -2]));
    expect(read({ dims, dataType: DataType.BFLOAT16, int32Data: [0x3f80, 0xc000] })).toEqual(float32([2], [1, -2]));
  });

  it.each([
    ['FLOAT16', DataType.FLOAT16],
    ['BFLOAT16', DataType.BFLOAT16],
  ])('reads every %s number as onnxruntime casts it', async (_, dataType) => {
    const rawData = new Uint8Array(Uint16Array.from({ length: 65536 }, (_, i) => i).buffer);
    const given = proto({ name: 't', dims: [65536n], dataType, rawData });
    const elemType = DataType.FLOAT;
    const model = create(ModelProtoSchema, {
      irVersion: 8n,
      opsetImport: [{ version: 18n }],
      graph: {
        name: 'cast',
        initializer: [given],
        node: [
          { opType: 'Cast', input: ['t'], output: ['y'], attribute: [{ name: 'to', type: 2, i: BigInt(elemType) }] },
        ],
        output: [{ name: 'y', type: { value: { case: 'tensorType', value: { elemType } } } }],
      },
    });
    const session = await ort.InferenceSession.create(toBinary(ModelProtoSchema, model));
    const { y } = await session.run({});
    expect(readTensor(given, 't')).toEqual(float32([65536], y.data as Float32Array));
  });

  it('refuses what it cannot read, naming the tensor', () => {
    const { FLOAT, UINT16, STRING, INT64 } = DataType;
    expect(() => read({ dims: [1n], dataType: UINT16, int32Data: [1] })).toThrow(
      "initializer 't' has the element type UINT16, which is not supported: use one of FLOAT, DOUBLE,",
    );
    expect(() => read({ dims: [1n], dataType: STRING })).toThrow('element type STRING');
    expect(() => read({ dims: [1n], dataType: 99 })).toThrow('element type 99');
    const external = {
      dataLocation: TensorProto_DataLocation.EXTERNAL,
      externalData: [{ key: 'location', value: 'w.bin' }],
    };
    expect(() => read({ dims: [1n], dataType: FLOAT, ...external })).toThrow(
      "has its elements in another file ('w.bin'), which is not read here: save the model as one file (torch.onnx.export with external_data=False",
    );
    expect(() => read({ dims: [1n], dataType: FLOAT, segment: { begin: 0n, end: 1n } })).toThrow('segments');
    expect(() => read({ dims: [2n, 3n], dataType: FLOAT, rawData: new Uint8Array(20) })).toThrow(
      "initializer 't' has 20 bytes, but its shape asks for 24: the file is damaged",
    );
    expect(() => read({ dims: [2n], dataType: FLOAT, floatData: [1] })).toThrow(
      'has 1 elements, but its shape asks for 2',
    );
    expect(() => read({ dims: [3n], dataType: INT64, int64Data: [1n] })).toThrow('has 1 elements');
    expect(() => read({ dims: [3n], dataType: DataType.FLOAT16, rawData: new Uint8Array(5) })).toThrow('asks for 6');
    expect(() => read({ dims: [-1n], dataType: FLOAT })).toThrow('has the shape [-1]');
  });

  it('asks for no memory that the file does not fill', () => {
    const large = [2n ** 31n, 2n ** 31n];
    expect(() => read({ dims: large, dataType: DataType.FLOAT, rawData: new Uint8Array(4) })).toThrow('has 4 bytes');
    expect(() => read({ dims: large, dataType: DataType.FLOAT })).toThrow('has 0 elements');
    expect(() => read({ dims: [2n ** 40n], dataType: DataType.FLOAT })).toThrow('shape');
  });
});

describe('decodeModel', () => {
  it.each([
    ['version https://git-lfs.github.com/spec/v1\noid sha256:0\n', 'a pointer of Git LFS'],
    ['PK\x03\x04\0\0', "a ZIP archive, as PyTorch's .pt and .pth"],
    ['\x80\x02}q', 'a pickle of Python'],
    ['\x89HDF\r\n', 'HDF5'],
    ['\x1c\0\0\0TFL3', 'a network of TensorFlow Lite'],
    ['\x40\0\0\0\0\0\0\0{"a":', 'safetensors'],
    ['<!doctype html>', 'markup, such as a web page'],
  ])('calls %j what it is', (start, what) => {
    const bytes = Buffer.concat([Buffer.from(start, 'latin1'), Buffer.alloc(100, 'x')]);
    expect(() => decodeModel(bytes)).toThrow(`not an ONNX file, but ${what}`);
  });

  it('refuses what is not an ONNX file', () => {
    expect(() => decodeModel(new Uint8Array(0))).toThrow('not an ONNX file (0 bytes): it has no graph');
    expect(() => decodeModel(new TextEncoder().encode('hello, world'))).toThrow('not an ONNX file');
    const whole = toBinary(ModelProtoSchema, create(ModelProtoSchema, { irVersion: 9n, graph: { name: 'a graph' } }));
    expect(decodeModel(whole).graph.name).toBe('a graph');
    expect(() => decodeModel(whole.subarray(0, -1))).toThrow(
      'not an ONNX file, or a damaged or incomplete one (12 bytes)',
    );
  });
});
