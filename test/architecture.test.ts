import { readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const root = path.resolve(import.meta.dirname, '..');
const source = path.join(root, 'src');

interface RoomRow {
  /** Rooms of src. */
  readonly imports: ReadonlySet<string>;
  readonly node: boolean;
  readonly packages: ReadonlySet<string>;
}

const architecture = readFileSync(path.join(root, 'ARCHITECTURE.md'), 'utf8').split('\n');
const cellsOf = (line: string) => line.split('|').map((cell) => cell.trim());
const listed = (cell: string) => cell.split(/, */).filter(Boolean);

/** The table of wings, from below to above: wing | what it is for. */
const wings = architecture.flatMap((line) => {
  const wing = /^\| \[(.*?)\]\(src\/\1\/README\.md\) +\| .+ \|$/.exec(line)?.[1];
  return wing === undefined ? [] : [wing];
});

/** `graph/{builder tensor}` names `graph/builder` and `graph/tensor`; `engines/{. worker}` the wing's own files and a room. */
function roomsOf(cell: string): string[] {
  return listed(cell).flatMap((entry) => {
    const [, wing, names] = /^(.*?)\/\{(.*)\}$/.exec(entry) ?? [];
    return names === undefined ? [entry] : names.split(' ').map((name) => (name === '.' ? wing : `${wing}/${name}`));
  });
}

/** The table of rooms: room | what | may import | Node? | packages. */
function readTable(): Map<string, RoomRow> {
  const rows = new Map<string, RoomRow>();
  for (const line of architecture) {
    const cells = cellsOf(line);
    if (cells.length !== 7 || !['yes', 'no'].includes(cells[4])) continue;
    rows.set(cells[1], {
      imports: new Set(roomsOf(cells[3])),
      node: cells[4] === 'yes',
      packages: new Set(listed(cells[5])),
    });
  }
  return rows;
}

/** A wing, or a folder in it with all folders below. */
const roomOf = (name: string) => path.posix.dirname(name).split('/').slice(0, 2).join('/');
const wingOf = (name: string) => name.split('/')[0];

interface SourceFile {
  /** Relative to src, with forward slashes. */
  readonly name: string;
  readonly room: string;
  readonly isTest: boolean;
  readonly lines: number;
  readonly text: string;
  /** What the file's imports and re-exports name, types included. */
  readonly imports: readonly string[];
}

function readSources(): SourceFile[] {
  return readdirSync(source, { recursive: true, encoding: 'utf8' })
    .map((name) => name.split(path.sep).join('/'))
    .filter((name) => /\.tsx?$/.test(name))
    .map((name) => {
      const text = readFileSync(path.join(source, name), 'utf8');
      const statements = text.matchAll(/^(?:import|export)\s+(?:type\s+)?(?:[^'";]*?\sfrom\s+)?'([^']+)';/gm);
      const dynamic = text.matchAll(/\bimport\(\s*'([^']+)'\s*\)/g);
      return {
        name,
        room: name.includes('/') ? roomOf(name) : '',
        isTest: /\.(test|contract|cases)\.ts$/.test(name),
        lines: text.split('\n').length,
        text,
        imports: [
          ...[...statements].map(([, specifier]) => specifier),
          ...[...dynamic].map(([, specifier]) => specifier),
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
  it('knows every wing and every room of src, and no other', () => {
    const rooms = new Set(files.map((file) => file.room).filter(Boolean));
    expect([...rooms].sort()).toEqual([...table.keys()].sort());
    expect([...new Set([...rooms].map(wingOf))].sort()).toEqual([...wings].sort());
    for (const wing of wings)
      expect(readFileSync(path.join(source, wing, 'README.md'), 'utf8')).toContain(`# ${wing}\n`);
  });

  it('lets no wing import one above it, types included', () => {
    const wrong = files.flatMap((file) =>
      file.room === '' || file.isTest
        ? []
        : file.imports
            .filter((specifier) => specifier.startsWith('.'))
            .map((specifier) => resolveImport(file.name, specifier))
            .filter((target) => !wings.slice(0, wings.indexOf(wingOf(file.name)) + 1).includes(wingOf(target)))
            .map((target) => `${file.name} imports ${target}`),
    );
    expect(wrong).toEqual([]);
  });

  it('lets arrows point only where the table says, and has no arrow in it that nobody needs', () => {
    const wrong: string[] = [];
    const used = new Set<string>();
    for (const file of files) {
      if (file.room === '' || file.isTest) continue;
      for (const specifier of file.imports) {
        if (!specifier.startsWith('.')) continue;
        const target = resolveImport(file.name, specifier);
        const room = roomOf(target);
        if (room === file.room) continue;
        used.add(`${file.room} -> ${room}`);
        if (!table.get(file.room)?.imports.has(room)) wrong.push(`${file.name} imports ${target}`);
      }
    }
    expect(wrong).toEqual([]);
    const allowed = [...table].flatMap(([room, { imports }]) => [...imports].map((target) => `${room} -> ${target}`));
    expect(allowed.filter((arrow) => !used.has(arrow))).toEqual([]);
  });

  it('has one file for each entry of the package, which hands on what rooms hold: `app` by the main one alone, and never `app/cli`', () => {
    const { exports }: { exports: Record<string, unknown> } = JSON.parse(
      readFileSync(path.join(root, 'package.json'), 'utf8'),
    );
    const entries = Object.keys(exports).filter((entry) => !path.extname(entry.slice(1)));
    const names = entries.map((entry) => (entry === '.' ? 'index.ts' : `${path.basename(entry)}.ts`));
    const listed = files.filter((file) => file.room === '');
    expect(listed.map((file) => file.name).sort()).toEqual(names.sort());
    for (const { name, text, imports } of listed) {
      expect(text.replace(/^export (type )?\{[^}]*\} from '[^']+';$|^\/\/.*$/gm, '').trim()).toBe('');
      const targets = imports.map((specifier) => resolveImport(name, specifier));
      const barred = name === 'index.ts' ? 'app/cli/' : 'app/';
      expect(targets.filter((target) => target.startsWith(barred))).toEqual([]);
    }
  });

  it('is imported by measurements and tools where it is: nothing else checks their imports of built files', () => {
    const wrong = ['bench', 'tools', 'test'].flatMap((folder) =>
      readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith('.mjs'))
        .flatMap((name) =>
          [...readFileSync(path.join(root, folder, name), 'utf8').matchAll(/'[./]*\/dist\/([\w./-]+)\.js'/g)]
            .map(([, file]) => file)
            // What is bundled.
            .filter((file) => !/^(library|cli|page)\//.test(file))
            .filter((file) => !files.some((one) => one.name === `${file}.ts`))
            .map((file) => `${folder}/${name} imports ${file}`),
        ),
    );
    expect(wrong).toEqual([]);
  });

  it('has a table without circles', () => {
    const above = new Map<string, number>();
    const height = (room: string, path: readonly string[]): number => {
      if (path.includes(room)) throw new Error(`rooms in a circle: ${[...path, room].join(' -> ')}`);
      const known = above.get(room);
      if (known !== undefined) return known;
      const below = [...(table.get(room)?.imports ?? [])].map((next) => height(next, [...path, room]));
      const own = 1 + Math.max(0, ...below);
      above.set(room, own);
      return own;
    };
    for (const room of table.keys()) expect(height(room, [])).toBeGreaterThan(0);
  });

  it('has no file that imports itself through others, types included', () => {
    const imports = new Map(
      files.map((file) => [
        file.name,
        file.imports
          .filter((specifier) => specifier.startsWith('.'))
          .map((specifier) => resolveImport(file.name, specifier)),
      ]),
    );
    const done = new Set<string>();
    const walk = (name: string, trail: readonly string[]) => {
      if (trail.includes(name)) throw new Error(`files in a circle: ${[...trail, name].join(' -> ')}`);
      if (done.has(name)) return;
      for (const next of imports.get(name) ?? []) walk(next, [...trail, name]);
      done.add(name);
    };
    for (const name of imports.keys()) walk(name, []);
    expect(done.size).toBeGreaterThanOrEqual(files.length);
  });

  it('keeps Node out of what also runs in a page, and packages where the table names them', () => {
    const wrong: string[] = [];
    for (const file of files) {
      if (file.room === '' || file.isTest) continue;
      const row = table.get(file.room);
      for (const specifier of file.imports) {
        if (specifier.startsWith('.')) continue;
        const isNode = specifier.startsWith('node:') || builtinModules.includes(specifier);
        const allowed = isNode ? row?.node : row?.packages.has(packageOf(specifier));
        if (!allowed) wrong.push(`${file.name} imports ${specifier}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  it('has no file of more than 300 lines (a test 400) but generated ones, and no drawer', () => {
    const long = files.filter((file) => file.lines > (file.isTest ? 400 : 300) && !file.name.endsWith('onnx_pb.ts'));
    expect(long.map((file) => `${file.name}: ${file.lines}`)).toEqual([]);
    const drawers = files.filter((file) => /(^|\/)(utils?|helpers?|common|misc|index)(\/|\.ts$)/.test(file.name));
    expect(drawers.map((file) => file.name)).toEqual(['index.ts']);
  });

  it('has no folder of more than 20 files beside tests, and half of all with at most 9', () => {
    const sizes = new Map<string, number>();
    for (const { name, isTest } of files)
      if (!isTest) sizes.set(path.posix.dirname(name), (sizes.get(path.posix.dirname(name)) ?? 0) + 1);
    expect([...sizes].filter(([, size]) => size > 20)).toEqual([]);
    const ordered = [...sizes.values()].sort((one, other) => one - other);
    expect(ordered[ordered.length >> 1]).toBeLessThanOrEqual(9);
  });

  it('throws errors of its classes, so that a program knows by the code what is wrong', () => {
    // Errors of other realms: made of data, or in the form of the operating system's.
    const others = new Set(['foundation/errors/error-data.ts', 'catalogue/stores/lancedb/error.ts']);
    const bare = files.filter(({ name, isTest, text }) => !isTest && !others.has(name) && /new Error\(/.test(text));
    expect(bare.map(({ name }) => name)).toEqual([]);
  });

  it("speaks of choices by their paths: flags are the command line's alone", () => {
    // Variables of style sheets, and options of other programs.
    const others =
      /^(?:app\/html\/page-style|app\/pages\/report\/neighbour-rows|app\/demo\/emoji-sets|graph\/import\/import-opaque)\.ts$/;
    const wrong = files.flatMap(({ name, isTest, text }) =>
      isTest || name.startsWith('app/cli/') || others.test(name)
        ? []
        : text
            .split('\n')
            .filter((line) => /--[a-z]/.test(line) && !/^\s*(\*|\/\/|\/\*)/.test(line))
            .map((line) => `${name}: ${line.trim()}`),
    );
    expect(wrong).toEqual([]);
  });

  it('has a comment above every exported function, class, constant, interface and type', () => {
    const bare: string[] = [];
    for (const file of files) {
      if (file.isTest || file.name.endsWith('onnx_pb.ts') || file.name === 'graph/builder/operations.ts') continue;
      const lines = file.text.split('\n');
      for (const [index, line] of lines.entries()) {
        if (!/^export (async )?(function\*?|class|abstract class|const|interface|type) \w/.test(line)) continue;
        let above = index - 1;
        while (above >= 0 && /^(\/\/ biome-ignore|@)/.test(lines[above])) above--;
        if (!/\*\/\s*$/.test(lines[above] ?? '')) bare.push(`${file.name}:${index + 1}`);
      }
    }
    expect(bare).toEqual([]);
  });
});
