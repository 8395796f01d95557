// node bench/backbone/matrix-table.mjs <results.json of backbone-matrix.mjs> [docs/backbones.md]
// Writes the table of networks that were tried between the two marks in the page.
import { readFileSync, writeFileSync } from 'node:fs';

const [results, page = 'docs/backbones.md'] = process.argv.slice(2);
const marks = ['<!-- matrix: begin -->', '<!-- matrix: end -->'];
const table = JSON.parse(readFileSync(results, 'utf8'));

/** What the networks' names begin with, by the package that they are from. */
const packages = { tv_: 'torchvision', hf_: 'transformers', keras_: 'Keras' };
const exporters = ['torchscript', 'dynamo', 'keras'];
const tolerance = 1e-5;

const networks = new Map();
for (const [key, result] of Object.entries(table)) {
  const [name, exporter, batch] = key.split(' ');
  networks.set(name, { ...networks.get(name), [`${exporter} ${batch}`]: result });
}

function verdict(result) {
  if (result === undefined) return '–';
  if (!result.read) return `not read: ${result.why.split(';')[0].slice(0, 80)}`;
  if (result.offFile > tolerance) return `**wrong**, ${result.offFile} off`;
  return result.right ? 'yes' : `as the file; ${result.off} from the framework`;
}

function learns(files) {
  return exporters
    .map((exporter) => ({ exporter, result: files[`${exporter} open`] ?? files[`${exporter} one`] }))
    .filter(({ result }) => result?.read)
    .map(({ exporter, result }) => `${exporter}: ${result.learnable ? 'yes' : `frozen by ${result.frozenBy}`}`)
    .join('; ');
}

function rowOf([name, files]) {
  const prefix = Object.keys(packages).find((each) => name.startsWith(each));
  const any = Object.values(files).find((result) => result.read);
  const cut = any === undefined ? '–' : `${any.operator} [${any.shape.join(', ')}]`;
  const of = (exporter) =>
    ['open', 'one']
      .map((batch) => verdict(files[`${exporter} ${batch}`]))
      .filter((each, place, all) => all.indexOf(each) === place)
      .join(' / ');
  const shown = prefix === 'keras_' ? [of('keras'), ''] : [of('torchscript'), of('dynamo')];
  return [packages[prefix] ?? 'timm', name.slice(prefix?.length ?? 0), cut, ...shown, learns(files)];
}

const rows = [...networks].map(rowOf).sort(([a, b], [c, d]) => `${a} ${b}`.localeCompare(`${c} ${d}`));
const all = Object.values(table);
const read = all.filter((result) => result.read);
const counted = `${all.length} files of ${networks.size} networks: ${read.length} are read (${((100 * read.length) / all.length).toFixed(1)}%), ${read.filter((result) => result.offFile <= tolerance).length} of these give what onnxruntime finds in the untouched file to 1e-5, ${read.filter((result) => result.right).length} what the framework has before its pool, to 1e-5.`;
const heads = ['package', 'network', 'marked cut', 'dynamo=False (Keras: its own)', 'dynamo=True', 'learns'];
const lines = [heads, heads.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
const text = readFileSync(page, 'utf8');
const [start, end] = [text.indexOf(marks[0]) + marks[0].length, text.indexOf(marks[1])];
if (start < marks[0].length || end < start) throw new Error(`${page} does not have the marks ${marks.join(' and ')}`);
writeFileSync(page, `${text.slice(0, start)}\n\n${counted}\n\n${lines.join('\n')}\n\n${text.slice(end)}`);
console.log(counted);
