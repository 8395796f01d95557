import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { rolldown } from 'rolldown';

// Looks whether lookalike and Python's huggingface_hub find in the hub's cache what the other has fetched from a local hub:
// npm run check-hub-cache -- [a Python with huggingface_hub; python3]

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const [python = 'python3'] = process.argv.slice(2);
const run = promisify(execFile);
const folder = mkdtempSync(path.join(tmpdir(), 'check-hub-cache-'));
const name = 'maker/network';
const files = {
  'model.onnx': readFileSync(path.join(root, 'models', 'demo', 'model.onnx')),
  'preprocessor_config.json': '{"image_mean":[0.5,0.5,0.5],"image_std":[0.5,0.5,0.5],"size":64}',
};
const hub = await startHub({ [name]: { commit: 'c0ffee'.padEnd(40, '0'), files } });
let wrong = 0;
try {
  await lookalike('ours');
  const before = hub.requests.length;
  const warnings = await pythonPrints('ours', 'import huggingface_hub as h; print(h.scan_cache_dir().warnings)', true);
  report('huggingface_hub finds the cache of lookalike in order', warnings === '[]');
  for (const file of Object.keys(files))
    report(`huggingface_hub finds '${file}' there`, await pythonHas('ours', file, true));
  report('and asks for nothing', hub.requests.length === before);
  for (const file of Object.keys(files))
    report(`huggingface_hub fetches '${file}'`, await pythonHas('theirs', file, false));
  const fetched = hub.requests.length;
  await lookalike('theirs', '--offline');
  report('lookalike finds it there, and asks for nothing', hub.requests.length === fetched);
} finally {
  await hub.close();
  rmSync(folder, { recursive: true });
}
if (wrong > 0) process.exitCode = 1;

/** @param {string} what @param {boolean} right */
function report(what, right) {
  if (!right) wrong++;
  console.log(`${right ? 'right' : 'WRONG'}  ${what}`);
}

/** @param {string} home @returns {NodeJS.ProcessEnv} */
function environment(home, offline = false) {
  const cache = { HF_HOME: path.join(folder, home), HF_ENDPOINT: hub.url, HF_HUB_DISABLE_XET: '1' };
  // An empty name of a cache is no name here, but one for Python.
  const { HF_HUB_CACHE: _, HUGGINGFACE_HUB_CACHE: __, ...others } = process.env;
  return { ...others, ...cache, HF_HUB_OFFLINE: offline ? '1' : '0' };
}

/** Opens the network of the hub; the demo's model takes bytes, and is no backbone, which is found out when it is here. */
async function lookalike(home, ...more) {
  const argv = [path.join(root, 'dist', 'cli', 'main.js'), 'cut-points', `hf:${name}/model.onnx`, '--json', ...more];
  await run(process.execPath, argv, { env: environment(home) });
}

async function pythonPrints(home, code, offline) {
  const { stdout } = await run(python, ['-c', code], { env: environment(home, offline) });
  return stdout.trim();
}

async function pythonHas(home, file, offline) {
  const code = `import huggingface_hub as h; print(open(h.hf_hub_download('${name}', '${file}'), 'rb').read().hex())`;
  const { stdout } = await run(python, ['-c', code], { env: environment(home, offline), maxBuffer: 2 ** 28 });
  return stdout.trim() === Buffer.from(files[file]).toString('hex');
}

/** The hub of the tests, compiled. */
async function startHub(repositories) {
  const file = path.join(folder, 'hub-server.mjs');
  const bundle = await rolldown({ input: path.join(root, 'test', 'support', 'hub-server.ts'), platform: 'node' });
  await bundle.write({ file });
  await bundle.close();
  const module = await import(file);
  return module.startHub(repositories);
}
