import { readFileSync } from 'node:fs';
import path from 'node:path';

/** A declaration of ours, by the `.d.ts` file that makes it and its name there. */
export interface Declaration {
  readonly file: string;
  readonly name: string;
}

interface DeclarationFile {
  /** The text of each declaration by its name: all overloads, and a value and a type of one name, together. */
  readonly declared: ReadonlyMap<string, string>;
  /** What each name means that the file has from another one of ours. */
  readonly imported: ReadonlyMap<string, Declaration>;
  /** What the file hands on, by the name that it has outside. */
  readonly exported: ReadonlyMap<string, Declaration>;
}

const names = (list: string) =>
  list
    .split(',')
    .map((entry) => entry.trim().replace(/^type\s+/, ''))
    .filter(Boolean)
    .map((entry) => entry.split(/\s+as\s+/))
    .map(([inner, outer = inner]) => ({ inner, outer }));

/** Comments and strings hold no names of types; the specifiers of imports are read before. */
const withoutComments = (text: string) => text.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');

/** Reads the declaration files that tsc makes, which put every statement at the start of a line. */
export class DeclarationReader {
  readonly #files = new Map<string, DeclarationFile>();

  /** What an entry exports, by its name outside, each found where it is declared. */
  exportsOf(entry: string): ReadonlyMap<string, Declaration> {
    const { exported } = this.#file(entry);
    return new Map([...exported].map(([name, declaration]) => [name, this.#origin(declaration)]));
  }

  /** The declarations of ours that a declaration names: in its signatures, its members, what it extends. */
  namedBy({ file, name }: Declaration): Declaration[] {
    const { declared, imported } = this.#file(file);
    const text = declared.get(name);
    if (text === undefined) throw new Error(`${file} does not declare ${name}`);
    const inline = [...text.matchAll(/import\("(\.[^"]+)"\)\.(\w+)/g)].map(([, from, of]) => ({
      file: resolve(file, from),
      name: of,
    }));
    const bare = text.replace(/import\("[^"]+"\)\.\w+/g, '').replace(/"[^"]*"|'[^']*'/g, '');
    // `typeof name` asks for the type of a value: that is written out in the declaration files, where it matters.
    const values = new Set([...bare.matchAll(/\btypeof ([\w$]+)/g)].map(([, value]) => value));
    // A word after a dot, or before a colon or a question mark and colon, is the name of a member or of a parameter.
    const words = new Set(
      [...bare.matchAll(/(?<![.\w$#])([A-Za-z_$][\w$]*)(?!\s*\??\s*:)(?![\w$])/g)].map(([, word]) => word),
    );
    const local = [...words]
      .filter((word) => word !== name && !values.has(word))
      .flatMap((word) => imported.get(word) ?? (declared.has(word) ? [{ file, name: word }] : []));
    return [...inline, ...local].map((declaration) => this.#origin(declaration));
  }

  #origin(declaration: Declaration): Declaration {
    const { declared, exported } = this.#file(declaration.file);
    if (declared.has(declaration.name) && !exported.has(declaration.name)) return declaration;
    const next = exported.get(declaration.name);
    if (next === undefined) throw new Error(`${declaration.file} does not export ${declaration.name}`);
    return next.file === declaration.file ? next : this.#origin(next);
  }

  #file(file: string): DeclarationFile {
    const known = this.#files.get(file);
    if (known !== undefined) return known;
    const read = readDeclarations(file, withoutComments(readFileSync(file, 'utf8')));
    this.#files.set(file, read);
    return read;
  }
}

const resolve = (from: string, specifier: string) =>
  path.join(path.dirname(from), specifier).replace(/\.(js|ts)$/, '.d.ts');

function readDeclarations(file: string, text: string): DeclarationFile {
  const declared = new Map<string, string>();
  const imported = new Map<string, Declaration>();
  const exported = new Map<string, Declaration>();
  // A statement begins at the start of a line, and goes on as long as lines are indented or close what it opened.
  for (const statement of text.split(/^(?=(?:export|import|declare|interface|type|abstract|class)\b)/m)) {
    const [, way, list, from] =
      /^(import|export)\s+(?:type\s+)?\{([^}]*)\}(?:\s*from\s*['"]([^'"]+)['"])?/.exec(statement) ?? [];
    if (way !== undefined) {
      if (from !== undefined && !from.startsWith('.')) continue;
      for (const { inner, outer } of names(list)) {
        const source = { file: from === undefined ? file : resolve(file, from), name: inner };
        (way === 'import' ? imported : exported).set(outer, source);
      }
      continue;
    }
    if (/^(?:import|export)\s+(?:type\s+)?(?:\*|\w+\s+from\b)/.test(statement) && /['"]\./.test(statement))
      throw new Error(`${file}: names must be imported and exported one by one: ${statement}`);
    const [, ours, name] =
      /^(export\s+)?(?:declare\s+)?(?:abstract\s+)?(?:async\s+)?(?:function\*?|class|const|let|interface|type|enum)\s+([\w$]+)/.exec(
        statement,
      ) ?? [];
    if (name === undefined) continue;
    declared.set(name, `${declared.get(name) ?? ''}${statement}`);
    if (ours !== undefined) exported.set(name, { file, name });
  }
  return { declared, imported, exported };
}
