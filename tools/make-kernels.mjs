// Compiles kernels/ (AssemblyScript) and writes the bytes into src/pictures/preparation/pixel-kernels-wasm.ts, which is committed, so that
// installing and building need no compiler. Run it after a change in kernels/; a test compares.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

/** The text of the generated module. */
export async function pixelKernelsModule() {
  let bytes;
  const { error, stderr } = await asc.main(
    [
      'kernels/pixels.ts',
      '--baseDir',
      root,
      '--outFile',
      'pixels.wasm',
      '-O3',
      '--noAssert',
      '--runtime',
      'stub',
    ].concat(['--enable', 'simd', '--use', 'abort=']),
    {
      writeFile: (name, contents) => {
        if (name === 'pixels.wasm') bytes = contents;
      },
    },
  );
  if (error) throw new Error(`kernels/ does not compile: ${error.message}\n${stderr.toString()}`);
  const text = Buffer.from(bytes).toString('base64');
  return `// Made by tools/make-kernels.mjs from kernels/: do not edit.

/** The WebAssembly module of the pixel kernels, ${bytes.length} bytes as base64. */
export const pixelKernelsWasm =
  '${text}';
`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(path.join(root, 'src/pictures/preparation/pixel-kernels-wasm.ts'), await pixelKernelsModule());
}
