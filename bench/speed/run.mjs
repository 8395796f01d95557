// Measures lookalike's speed beside its peers': node bench/speed/run.mjs --help
import { existsSync } from 'node:fs';

if (existsSync(new URL('../../dist/index.js', import.meta.url))) {
  const { runCommand } = await import('./run-command.mjs');
  try {
    await runCommand(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
} else {
  process.stderr.write('there is no dist/ to measure: run npm run build first\n');
  process.exitCode = 1;
}
