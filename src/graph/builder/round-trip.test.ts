import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { randomGraph } from '../../../test/fixtures/random-graph.ts';
import { printGraph } from '../../../test/oracles/print-graph.ts';
import { exportModel } from '../export/export-model.ts';
import { importModel } from '../import/import-model.ts';

describe('a graph that goes through a file', () => {
  it('gives the same bytes and the same text again', () => {
    fc.assert(
      fc.property(randomGraph, (graph) => {
        const bytes = exportModel(graph);
        const imported = importModel(bytes);
        const again = exportModel(imported);
        expect(Buffer.from(again).equals(bytes)).toBe(true);
        expect(printGraph(importModel(again))).toBe(printGraph(imported));
        expect([...imported.outputs.keys()]).toEqual([...graph.outputs.keys()]);
      }),
      { numRuns: 150, seed: 5 },
    );
  });
});
