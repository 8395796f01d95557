import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { metadataProperties, parseMetadata } from './metadata-properties.ts';
import type { ModelMetadata } from './model-metadata.ts';

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
      /'lookalike.distance' is "chebyshev" \(/,
    );
    expect(() => parseMetadata(withProperty('lookalike.preprocessing', '{"width":8}'))).toThrow(
      /'lookalike.preprocessing.height'/,
    );
    expect(() => parseMetadata(withoutProperty('lookalike.goldens'))).toThrow(/'lookalike.goldens' is missing/);
    expect(() => parseMetadata([...properties, ['lookalike.seed', '4']])).toThrow(/property 'lookalike.seed' twice/);
  });

  const deep = (depth: number) => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;
  const twoDeep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;
  it.each([
    ['dimension', '1000000000000000', /'lookalike.dimension' is 1000000000000000 \(a whole number from 1 to 65535/],
    ['dimension', '1e300', /'lookalike.dimension' is 1e\+300 \(a whole number/],
    ['dimension', '0', /'lookalike.dimension' is 0 \(a whole number/],
    ['dimension', '1.5', /'lookalike.dimension' is 1.5 \(a whole number/],
    ['dimension', '"1"', /'lookalike.dimension' is "1" \(a whole number/],
    ['dimension', '2', /'lookalike.goldens.0.embedding' is "AACAPw==" \(8 bytes are expected, 4 x 2, not 4\)/],
    ['embeddingBatch', '4097', /'lookalike.embeddingBatch' is 4097 \(a whole number from 1 to 4096/],
    ['embeddingBatch', '-1', /'lookalike.embeddingBatch' is -1/],
    ['preprocessing', '{"width":9000}', /'lookalike.preprocessing.width' is 9000/],
    ['training', deep(200_000), /'lookalike.training' is nested 200000 deep, and at most 32 are read/],
    ['network', deep(33), /'lookalike.network' is nested 33 deep/],
    ['evaluation', twoDeep, /'lookalike.evaluation' is nested 200000 deep/],
    ['unheard', twoDeep, /'lookalike.unheard' is nested 200000 deep/],
    ['unheard', '1', /properties are others than this version knows \(Unrecognized key: "unheard"\)/],
    ['__proto__', '{"format":1}', /Unrecognized key: "__proto__"/],
    ['training', `{"a":[${'0,'.repeat(100_000)}0]}`, /'lookalike.training' has 100003 values, and at most 100000/],
    ['description', `"${'x'.repeat(2 ** 22)}"`, /'lookalike.description' has 4194306 characters, and at most 4194304/],
    ['seed', '1e300', /'lookalike.seed' is 1e\+300/],
  ])('bounds %s = %.40s', (key, value, message) => {
    const properties = [...metadataProperties(metadata)].filter(([name]) => name !== `lookalike.${key}`);
    expect(() => parseMetadata([...properties, [`lookalike.${key}`, value]])).toThrow(message);
    expect(() => parseMetadata([...properties, [`lookalike.${key}`, value]])).toThrow(
      /: the file is damaged, fetch or train it again$/,
    );
  });

  it('bounds the bytes of a batch, the test pictures and the calibration', () => {
    const changed = (change: object) => () => metadataProperties({ ...metadata, ...change });
    const large = { ...metadata.preprocessing, width: 8192, height: 8192 };
    expect(changed({ embeddingBatch: 5, preprocessing: large })).not.toThrow();
    expect(changed({ embeddingBatch: 6, preprocessing: large })).toThrow(
      "'lookalike.embeddingBatch' is 6 (at 8192 x 8192 pixels they have more than 1073741824 bytes)",
    );
    expect(changed({ goldens: [golden, golden, { ...golden, width: 2 }] })).toThrow(
      `'lookalike.goldens.2.pixels' is "AAAA" (6 bytes are expected, 1 x 2 x 3, not 3)`,
    );
    expect(changed({ goldens: [golden, { ...golden, height: 2000 }, golden] })).toThrow(
      "'lookalike.goldens.1.height' is 2000 (a whole number from 1 to 1024 is expected)",
    );
    const step = { from: 0, to: 1, share: 0.5, alike: 1, unlike: 1 };
    const calibration = {
      distance: 'euclidean',
      method: 'isotonic',
      steps: Array.from({ length: 65 }, () => step),
      unsure: { from: 0, to: 1 },
      baseRate: 0.5,
      pairs: { alike: 1, unlike: 1 },
      images: 2,
      classes: 1,
      source: '',
    };
    expect(changed({ calibration })).toThrow(
      /'lookalike.calibration.steps' is \[.*Too big: expected array to have <=64/,
    );
  });

  it('writes nothing that could not be read back', () => {
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(metadata)), fc.jsonValue(), (key, any) => {
        let properties: Map<string, string>;
        try {
          properties = metadataProperties({ ...metadata, [key]: JSON.parse(JSON.stringify(any)) });
        } catch (error) {
          expect((error as Error).constructor.name).toMatch(/^(ModelError|OtherFormat)$/);
          return;
        }
        expect(metadataProperties(parseMetadata(properties))).toEqual(properties);
      }),
    );
  });
});
