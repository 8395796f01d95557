import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import sharp from 'sharp';

// Runs the Python of docs/model-file.md and compares its embeddings with those of the library:
// npm run check-python -- [a Python with numpy, onnxruntime and Pillow; python3]

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const [python = 'python3'] = process.argv.slice(2);
/** Most that embeddings of length 1 may be apart: decoders round differently. */
const most = 0.02;

const document = readFileSync(path.join(root, 'docs', 'model-file.md'), 'utf8');
const code = /```python\n([\s\S]*?)```/.exec(document)?.[1];
if (code === undefined || !code.includes('\ndef embed('))
  throw new Error('docs/model-file.md has no Python with embed');
const folder = mkdtempSync(path.join(tmpdir(), 'check-python-'));
try {
  mkdirSync(path.join(folder, 'run'));
  writeFileSync(path.join(folder, 'run', 'model.onnx'), readFileSync(path.join(root, 'models', 'demo', 'model.onnx')));
  const files = await writePictures();
  const program = `${code.replace(/^print\(.*$/m, '')}\nimport sys\nprint(json.dumps([embed(path).tolist() for path in sys.argv[1:]]))\n`;
  writeFileSync(path.join(folder, 'documented.py'), program);
  const run = spawnSync(python, ['documented.py', ...files], { cwd: folder, encoding: 'utf8' });
  if (run.status !== 0) throw new Error(`the documented Python failed: ${run.stderr || run.error?.message}`);
  const documented = JSON.parse(run.stdout);
  const { loadModel } = await import(pathToFileURL(path.join(root, 'dist', 'index.js')).href);
  const model = await loadModel(path.join(folder, 'run', 'model.onnx'));
  let wrong = 0;
  for (const [place, file] of files.entries()) {
    const own = await model.embedImage(path.join(folder, file));
    const apart = Math.hypot(...documented[place].map((value, at) => value - own[at]));
    if (apart > most) wrong++;
    console.log(`${apart > most ? 'WRONG' : 'right'}  ${file}: ${apart.toFixed(4)} apart`);
  }
  await model.close();
  if (wrong > 0) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true });
}

/** Pictures of the kinds that decoders differ on; returns their names. */
async function writePictures() {
  const side = 96;
  const drawing = (colour) =>
    Buffer.from(
      `<svg xmlns="http://www.w3.org/2000/svg" width="${side}" height="${side}"><circle cx="50" cy="40" r="30" fill="${colour}"/><rect x="10" y="60" width="70" height="20" fill="#357"/></svg>`,
    );
  const rgba = await sharp(drawing('rgba(200,80,40,0.6)')).png().toBuffer();
  const rgb = sharp(rgba).flatten({ background: '#eee' });
  const grey = await rgb.clone().greyscale().toBuffer();
  const pictures = {
    'opaque.png': rgb.clone().png(),
    'wide.png': rgb.clone().resize(96, 31, { fit: 'cover' }).png(),
    'transparent.png': sharp(rgba).png(),
    'transparent.webp': sharp(rgba).webp({ lossless: true }),
    'palette.png': sharp(rgba).png({ palette: true }),
    'grey.png': sharp(grey).toColourspace('b-w').png(),
    'grey-16.png': sharp(grey).toColourspace('grey16').png(),
    'rgb-16.png': rgb.clone().toColourspace('rgb16').png(),
    'turned.jpg': rgb.clone().withMetadata({ orientation: 6 }).jpeg({ quality: 95 }),
    'display-p3.png': rgb.clone().withIccProfile('p3').png(),
    'display-p3.jpg': rgb.clone().withIccProfile('p3').jpeg({ quality: 95 }),
  };
  for (const [name, picture] of Object.entries(pictures)) {
    writeFileSync(path.join(folder, name), await picture.toBuffer());
  }
  return Object.keys(pictures);
}
