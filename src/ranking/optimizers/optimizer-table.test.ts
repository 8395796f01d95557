import { describe, expect, it } from 'vitest';
import { optimizerConfigSchema, optimizerNames, optimizerTable } from './optimizer-table.ts';

describe('the table of optimisers', () => {
  it.each(optimizerNames)('has in %s an optimiser that its defaults make, and that says its name', (kind) => {
    const optimizer = optimizerTable.of({ kind });
    const config = optimizerConfigSchema.parse({ kind, ...optimizer.defaults });
    expect(optimizer.build(config, 0.1).name).toBe(kind);
  });

  it('checks settings before it builds', () => {
    const build = (config: { kind: string }) => () => optimizerTable.of(config).build(config, 0);
    expect(build({ kind: 'sgd' })).toThrow('momentum');
    expect(build(Object.assign({ kind: 'sgd' }, { momentum: 0.9, nesterov: true, beta1: 1 }))).toThrow('beta1');
    expect(build({ kind: 'lion' })).toThrow("there is no optimizer 'lion': it is one of sgd, adamw");
  });
});
