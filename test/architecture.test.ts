import { readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const root = path.resolve(import.meta.dirname, '..');
const source = path.join(root, 'src');

interface FolderRow {
  readonly imports: ReadonlySet<string>;
  readonly node: boolean;
  readonly packages: ReadonlySet<string>;
}

/** The table of ARCHITECTURE.md: folder | what | may import | Node? | packages. */
function readTable(): Map<string, FolderRow> {
  const rows = new Map<string, FolderRow>();
  for (const line of readFileSync(path.join(root, 'ARCHITECTURE.md'), 'utf8').split('\n')) {
    const cells = line.split('|').map((cell) => cell.trim());
    if (cells.length !== 7 || !['yes', 'no'].includes(cells[4])) continue;
    const list = (cell: string) =>
      new Set(
        cell
          .split(',')
          .map((item) => item.trim())
          .filter(Boolean),
      );
    rows.set(cells[1], { imports: list(cells[3]), node: cells[4] === 'yes', packages: list(cells[5]) });
  }
  return rows;
}

interface Import {
  readonly specifier: string;
  readonly typeOnly: boolean;
}

interface SourceFile {
  /** Relative to src, with forward slashes. */
  readonly name: string;
  readonly folder: string;
  readonly isTest: boolean;
  readonly lines: number;
  readonly text: string;
  readonly imports: readonly Import[];
}

function readSources(): SourceFile[] {
  return readdirSync(source, { recursive: true, encoding: 'utf8' })
    .map((name) => name.split(path.sep).join('/'))
    .filter((name) => name.endsWith('.ts'))
    .map((name) => {
      const text = readFileSync(path.join(source, name), 'utf8');
      const statements = text.matchAll(/^(?:import|export)\s+(type\s+)?(?:[^'";]*?\sfrom\s+)?'([^']+)';/gm);
      const dynamic = text.matchAll(/\bimport\(\s*'([^']+)'\s*\)/g);
      return {
        name,
        folder: name.includes('/') ? name.slice(0, name.indexOf('/')) : '',
        isTest: /\.(test|contract)\.ts$/.test(name),
        lines: text.split('\n').length,
        text,
        imports: [
          ...[...statements].map(([, type, specifier]) => ({ specifier, typeOnly: type !== undefined })),
          ...[...dynamic].map(([, specifier]) => ({ specifier, typeOnly: false })),
        ],
      };
    });
}

const table = readTable();
const files = readSources();
const resolveImport = (from: string, specifier: string) =>
  path.posix.normalize(path.posix.join(path.posix.dirname(from), specifier));
const packageOf = (specifier: string) =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');

describe('architecture', () => {
  it('knows every folder of src, and no other', () => {
    const folders = new Set(files.map((file) => file.folder).filter(Boolean));
    expect([...folders].sort()).toEqual([...table.keys()].sort());
  });

  it('lets arrows point only where the table says', () => {
    const wrong: string[] = [];
    for (const file of files) {
      if (file.folder === '' || file.isTest) continue;
      const row = table.get(file.folder);
      for (const { specifier } of file.imports) {
        if (!specifier.startsWith('.')) continue;
        const target = resolveImport(file.name, specifier);
        const folder = target.startsWith('..') ? undefined : target.split('/')[0];
        if (folder === undefined) {
          wrong.push(`${file.name} imports ${specifier}, outside src`);
        } else if (folder !== file.folder && !row?.imports.has(folder)) {
          wrong.push(`${file.name} imports ${target}`);
        }
      }
    }
    expect(wrong).toEqual([]);
  });

  it('has a table without circles', () => {
    const above = new Map<string, number>();
    const height = (folder: string, path: readonly string[]): number => {
      if (path.includes(folder)) throw new Error(`folders in a circle: ${[...path, folder].join(' -> ')}`);
      const known = above.get(folder);
      if (known !== undefined) return known;
      const below = [...(table.get(folder)?.imports ?? [])].map((next) => height(next, [...path, folder]));
      const own = 1 + Math.max(0, ...below);
      above.set(folder, own);
      return own;
    };
    for (const folder of table.keys()) expect(height(folder, [])).toBeGreaterThan(0);
  });

  it('has no file that imports itself through others', () => {
    const values = new Map(
      files.map((file) => [
        file.name,
        file.imports
          .filter(({ specifier, typeOnly }) => specifier.startsWith('.') && !typeOnly)
          .map(({ specifier }) => resolveImport(file.name, specifier)),
      ]),
    );
    const done = new Set<string>();
    const walk = (name: string, trail: readonly string[]) => {
      if (trail.includes(name)) throw new Error(`files in a circle: ${[...trail, name].join(' -> ')}`);
      if (done.has(name)) return;
      for (const next of values.get(name) ?? []) walk(next, [...trail, name]);
      done.add(name);
    };
    for (const name of values.keys()) walk(name, []);
    expect(done.size).toBeGreaterThanOrEqual(files.length);
  });

  it('keeps Node out of what also runs in a page, and packages where the table names them', () => {
    const wrong: string[] = [];
    for (const file of files) {
      if (file.folder === '' || file.isTest) continue;
      const row = table.get(file.folder);
      for (const { specifier } of file.imports) {
        if (specifier.startsWith('.')) continue;
        const isNode = specifier.startsWith('node:') || builtinModules.includes(specifier);
        const allowed = isNode ? row?.node : row?.packages.has(packageOf(specifier));
        if (!allowed) wrong.push(`${file.name} imports ${specifier}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  it('has no file of more than 400 lines but generated ones, and no drawer', () => {
    const long = files.filter((file) => file.lines > 400 && !file.name.endsWith('onnx_pb.ts'));
    expect(long.map((file) => `${file.name}: ${file.lines}`)).toEqual([]);
    const drawers = files.filter((file) => /(^|\/)(utils?|helpers?|common|misc|index)(\/|\.ts$)/.test(file.name));
    expect(drawers.map((file) => file.name)).toEqual(['index.ts']);
  });

  it('has a comment above every exported function, class and interface', () => {
    const bare: string[] = [];
    for (const file of files) {
      if (file.isTest || file.name.endsWith('onnx_pb.ts') || file.name === 'graph/operations.ts') continue;
      const lines = file.text.split('\n');
      for (const [index, line] of lines.entries()) {
        if (!/^export (async )?(function\*?|class|abstract class|const) /.test(line)) continue;
        let above = index - 1;
        while (above >= 0 && /^(\/\/ biome-ignore|@)/.test(lines[above])) above--;
        if (!/\*\/\s*$/.test(lines[above] ?? '')) bare.push(`${file.name}:${index + 1}`);
      }
    }
    expect(bare).toEqual([]);
  });
});
