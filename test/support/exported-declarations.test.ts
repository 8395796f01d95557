import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { DeclarationReader } from './exported-declarations.ts';

let folder: string;
const files = {
  'entry.d.ts':
    "export { type Outer, make as create } from './made.js';\nexport type { Readable } from 'node:stream';\n",
  'made.d.ts': `import type { Inner, Unused } from './inner.js';
/** Unused, in words. */
export interface Outer extends Base {
    readonly Unused: string;
    list?: readonly Inner[];
}
interface Base {
    word: "Unused";
}
declare const schema: Unused;
export declare function make(Unused: Outer): import("./inner.js").Third<Inner>;
export declare function make(rest: typeof schema): void;
export {};
`,
  'inner.d.ts': "export type { Inner } from './deep.js';\nexport interface Unused {\n}\nexport type Third<T> = T;\n",
  'deep.d.ts': 'export interface Inner {\n    self: Inner;\n}\n',
};

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'lookalike-declarations-'));
  for (const [name, text] of Object.entries(files)) await writeFile(path.join(folder, name), text);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it('finds each declaration where it is made, and what its signatures name, but no members, strings or comments', () => {
  const reader = new DeclarationReader();
  const exported = reader.exportsOf(path.join(folder, 'entry.d.ts'));
  const at = (name: string, file: string) => ({ file: path.join(folder, file), name });
  expect(Object.fromEntries(exported)).toEqual({ Outer: at('Outer', 'made.d.ts'), create: at('make', 'made.d.ts') });
  expect(reader.namedBy(at('Outer', 'made.d.ts'))).toEqual([at('Base', 'made.d.ts'), at('Inner', 'deep.d.ts')]);
  expect(reader.namedBy(at('make', 'made.d.ts'))).toEqual([
    at('Third', 'inner.d.ts'),
    at('Outer', 'made.d.ts'),
    at('Inner', 'deep.d.ts'),
  ]);
  expect(reader.namedBy(at('Inner', 'deep.d.ts'))).toEqual([]);
});
