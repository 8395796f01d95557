import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { estimateStepMemory } from '../src/engines/memory/step-memory.ts';
import { stepGraphs } from './fixtures/step-graphs.ts';
import { exportedText, textDigest } from './support/exported-text.ts';

// What onnxruntime is given of a training step, down to the order of the nodes, which decides the memory, and the memory that
// it is expected to take. A run that is resumed by a later version gives the same bits only while these stay. Where one
// changes on purpose, the message has the new value; `exportedText` shows what it is the digest of.

const golden = z
  .record(z.string(), z.object({ nodes: z.number(), digest: z.string(), peakBytes: z.number() }))
  .parse(JSON.parse(await readFile(new URL('golden/step-graphs.json', import.meta.url), 'utf8')));

describe('the graph of a step', () => {
  it.each(Object.entries(stepGraphs))('is as it was: %s', (name, build) => {
    const graph = build();
    const text = exportedText(graph);
    const { peakBytes } = estimateStepMemory(graph);
    expect({ nodes: text.split('\n').length, digest: textDigest(text), peakBytes }).toEqual(golden[name]);
  });
});
