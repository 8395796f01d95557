import { describe, expect, it } from 'vitest';
import { lossConfigSchema, lossTable, rankingLossNames, withClasses } from './loss-table.ts';

describe('the table of losses', () => {
  it.each(rankingLossNames)('has in %s a loss that its defaults make, and that says its name', (name) => {
    const loss = lossTable.of({ kind: name });
    const config = withClasses(lossConfigSchema.parse({ kind: name, ...loss.defaults }), 3);
    const place = { imagesPerClass: 4, memoryRows: 0 };
    const built = loss.build(config, place);
    expect(built.name).toBe(name);
    expect(built.batch).toBe(loss.batchKind(config));
    // Health looks at the first, the doctor at the second; supcon's depends on the rows, which the first does not know.
    const collapsed = loss.collapsed(config, 12);
    if (built.collapsedValue !== undefined) expect(collapsed?.value).toBe(built.collapsedValue);
    else expect(collapsed?.words).toBe(name === 'supcon' ? 'log(rows - 1)' : undefined);
  });

  it('checks settings before it builds', () => {
    const build = (config: { kind: string }) => () =>
      lossTable.of(config).build(config, { imagesPerClass: 4, memoryRows: 0 });
    expect(build({ kind: 'contrastive' })).toThrow('gap');
    expect(build(Object.assign({ kind: 'contrastive' }, { gap: 1, temperature: 1 }))).toThrow('temperature');
    expect(() => lossTable.of({ kind: 'triplet' })).toThrow(
      "there is no loss 'triplet': it is one of supcon, semi-hard",
    );
  });

  it('tells the number of classes only to losses that learn something of each', () => {
    const proxies = { kind: 'proxy-anchor', scale: 32, margin: 0.1, proxyRate: 10 } as const;
    expect(withClasses(proxies, 7)).toEqual({ ...proxies, classes: 7 });
    expect(withClasses({ kind: 'contrastive', gap: 1 }, 7)).toEqual({ kind: 'contrastive', gap: 1 });
  });
});
