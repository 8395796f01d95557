import { describe, expect, it } from 'vitest';
import { samplerOptions } from './define-sampler.ts';
import { samplerConfigSchema, samplerNames, samplerTable } from './sampler-table.ts';

describe('the table of samplers', () => {
  it.each(samplerNames)('has in %s a sampler that is configured by what its configuration says was chosen', (kind) => {
    const sampler = samplerTable.of({ kind });
    const config = sampler.configure({});
    expect(sampler.schema.parse(config)).toEqual(config);
    expect(sampler.configure(sampler.choicesOf(config))).toEqual(config);
    const chosen = {
      relevance: 'hog',
      outOfClass: 0.5,
      relevanceMargin: 0,
      relevanceLimit: 3,
      buffer: 7,
      categoryLevels: 2,
    };
    const taken = Object.fromEntries(
      Object.entries(chosen).filter(([name]) => (sampler.options as readonly string[]).includes(name)),
    );
    expect(sampler.choicesOf(sampler.configure(taken))).toEqual(taken);
    expect(Object.keys(chosen)).toEqual(samplerOptions);
  });

  it('checks settings before it draws', () => {
    const material = { images: Object.create(null), relevance: undefined };
    const prepare = (config: { kind: string }) => () => samplerTable.of(config).prepare(config, material);
    expect(prepare({ kind: 'relevance' })).toThrow('categoryLevels');
    const whole = samplerConfigSchema.parse(samplerTable.of({ kind: 'relevance' }).configure({}));
    expect(prepare(whole)).toThrow('needs to know how alike images are');
    expect(prepare({ kind: 'hard' })).toThrow("there is no sampler 'hard': it is one of uniform, relevance");
  });
});
