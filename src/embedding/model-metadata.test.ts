import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ModelMetadata, metadataProperties, parseMetadata } from './model-metadata.ts';

const golden = { width: 1, height: 1, pixels: 'AAAA', embedding: 'AACAPw==' };
const metadata: ModelMetadata = {
  format: 1,
  createdBy: 'deep-lookalike 0.1.0',
  description: 'für Tests',
  attribution: '',
  preprocessing: {
    width: 8,
    height: 4,
    resize: 'triangle',
    fit: 'stretch',
    background: '#ffffff',
    orientation: 'exif',
  },
  distance: 'euclidean',
  dimension: 1,
  embeddingBatch: 4,
  network: { backbone: 'small', nested: [1, { a: null }] },
  training: { loss: { kind: 'hinge', gap: 0.2 } },
  seed: 3,
  dataHash: null,
  evaluation: { recallAt1: 0.5 },
  goldens: [golden, golden, golden],
};

describe('the metadata of a model file', () => {
  it('is one JSON property a key and reads back as it was', () => {
    const properties = metadataProperties(metadata);
    expect(properties.get('lookalike.distance')).toBe('"euclidean"');
    expect(JSON.parse(properties.get('lookalike.training')!)).toEqual(metadata.training);
    expect([...properties.keys()].every((key) => key.startsWith('lookalike.'))).toBe(true);
    expect(parseMetadata([['author', 'somebody'], ...properties])).toEqual(metadata);
  });

  it('carries any configuration', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.string(), (training, description) => {
        // A key that would change what an object is, no configuration has: it is dropped on reading.
        fc.pre(!JSON.stringify(training).includes('__proto__'));
        const plain = JSON.parse(JSON.stringify(training));
        const read = parseMetadata(metadataProperties({ ...metadata, training: plain, description }));
        expect(JSON.stringify(read.training)).toBe(JSON.stringify(plain));
        expect(read.description).toBe(description);
      }),
    );
  });

  it('says what is wrong with properties that are not it', () => {
    const properties = metadataProperties(metadata);
    const withProperty = (key: string, value: string) => new Map([...properties, [key, value]]);
    const withoutProperty = (key: string) => [...properties].filter(([name]) => name !== key);
    expect(() => parseMetadata([])).toThrow(/an ONNX file, but not a model of lookalike/);
    expect(() => parseMetadata([['author', 'x']])).toThrow(/not a model of lookalike/);
    expect(() => parseMetadata(withProperty('lookalike.format', '2'))).toThrow(
      /has format 2 and this version reads format 1/,
    );
    expect(() => parseMetadata(withProperty('lookalike.seed', '{'))).toThrow(/'lookalike.seed' is not JSON/);
    expect(() => parseMetadata(withProperty('lookalike.distance', '"chebyshev"'))).toThrow(
      /'lookalike.distance' is wrong/,
    );
    expect(() => parseMetadata(withProperty('lookalike.preprocessing', '{"width":8}'))).toThrow(
      /'lookalike.preprocessing.height'/,
    );
    expect(() => parseMetadata(withoutProperty('lookalike.goldens'))).toThrow(/'lookalike.goldens' is wrong/);
  });
});
