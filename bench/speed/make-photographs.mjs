// Makes the photographs that the harness embeds: node bench/speed/make-photographs.mjs <folder> [count, default 2000]
import { stat } from 'node:fs/promises';
import { makePhotographs } from './photographs.mjs';

const [folder, count = '2000', ...more] = process.argv.slice(2);
if (folder === undefined || folder.startsWith('-') || more.length > 0 || !/^[1-9]\d*$/.test(count)) {
  process.stderr.write('usage: node bench/speed/make-photographs.mjs <folder> [count, default 2000]\n');
  process.exit(2);
}
try {
  const files = await makePhotographs(folder, Number(count));
  let bytes = 0;
  for (const file of files) bytes += (await stat(file)).size;
  process.stdout.write(`${files.length} photographs, ${(bytes / files.length / 1000).toFixed(0)} kB in the mean\n`);
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
