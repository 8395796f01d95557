import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Declaration, DeclarationReader } from './support/exported-declarations.ts';

const root = path.resolve(import.meta.dirname, '..');
const key = ({ file, name }: Declaration) => `${path.relative(root, file)}: ${name}`;

interface Package {
  readonly exports: Readonly<Record<string, string | { readonly types: string }>>;
}
const { exports }: Package = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
const entries = Object.entries(exports).flatMap(([entry, target]) =>
  typeof target === 'string' ? [] : [{ entry, types: path.join(root, target.types) }],
);

describe.each(entries)('the entry $entry', ({ types }) => {
  it('exports every type of ours that a declaration which it exports names', () => {
    const reader = new DeclarationReader();
    const exported = [...reader.exportsOf(types).values()];
    expect(exported.length).toBeGreaterThan(0);
    const known = new Set(exported.map(key));
    const missing = exported.flatMap((declaration) =>
      reader
        .namedBy(declaration)
        .filter((named) => !known.has(key(named)))
        .map((named) => `${key(named)} (named by ${declaration.name})`),
    );
    expect(missing).toEqual([]);
  });
});
