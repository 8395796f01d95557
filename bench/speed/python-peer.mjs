import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** PyPI's name of a module, where it is another. */
const packageOf = { PIL: 'pillow', faiss: 'faiss-cpu' };

/**
 * What a Python interpreter has: its version and those of its modules; a module that is missing has the reason.
 *
 * @typedef {{ version: string, modules: Record<string, string>, missing: Record<string, string> }} PythonPeer
 *
 * @param {string} interpreter
 * @param {readonly string[]} modules
 * @returns {Promise<PythonPeer | { missing: string }>} `missing` is a text where there is no such interpreter.
 */
export async function lookAtPython(interpreter, modules) {
  const script =
    'import importlib, json, platform, sys\n' +
    'found, missing = {}, {}\n' +
    'for name in sys.argv[1:]:\n' +
    '    try: found[name] = getattr(importlib.import_module(name), "__version__", "unknown")\n' +
    '    except Exception as error: missing[name] = f"{type(error).__name__}: {error}"\n' +
    'print(json.dumps({"version": platform.python_version(), "modules": found, "missing": missing}))\n';
  try {
    const { stdout } = await promisify(execFile)(interpreter, ['-c', script, ...modules]);
    return JSON.parse(stdout);
  } catch (error) {
    const why = error.code === 'ENOENT' ? 'it was not found' : error.message.split('\n')[0];
    return { missing: `no Python to run the peer with (${why}): give one with --python` };
  }
}

/**
 * Why a side that needs some modules cannot be run; undefined if it can.
 *
 * @param {PythonPeer | { missing: string }} python
 * @param {readonly string[]} needs
 */
export function whyMissing(python, needs) {
  if (typeof python.missing === 'string') return python.missing;
  const lacking = needs.filter((name) => python.missing[name] !== undefined);
  if (lacking.length === 0) return undefined;
  const names = lacking.map((name) => packageOf[name] ?? name).join(', ');
  return `Python ${python.version} has no ${names}: python -m pip install -r bench/peers/requirements.txt`;
}
