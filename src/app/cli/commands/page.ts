import { z } from 'zod';
import { counted } from '../../../foundation/text/counted.ts';
import { defineCommand } from '../command.ts';
import { modelOption, resolveModel } from '../input/resolve-model.ts';
import { wholeNumber } from '../options/option-values.ts';
import type { Terminal } from '../output/terminal.ts';
import { untilAborted } from '../thread/until-aborted.ts';

/** What the page calls a model, by where it came from. */
const modelNames = { packaged: 'The model that comes with lookalike' } as const;

/** `lookalike page` */
export const pageCommand = defineCommand({
  name: 'page',
  group: 'Use a model',
  summary: 'write a page that searches, compares and trains by itself, without a server',
  details:
    'Writes a folder of files that any web server serves, or this command with a port. The page loads the model with onnxruntime-web (WebGPU where the ' +
    'browser has it, else WebAssembly), searches pictures that are given to it, fits a head or trains a small network, and ' +
    'gives the new model.onnx back; no picture leaves the browser. With pictures, these lie beside it and are searched from ' +
    'the start. It needs the package onnxruntime-web, which nothing else here does.',
  arguments: [],
  options: [
    { flags: '-o, --output <folder>', description: 'the folder to write; an earlier page in it is replaced' },
    modelOption,
    { flags: '--pictures <images>', description: 'a folder of pictures that lie beside the page' },
    {
      flags: '-p, --port <n>',
      description: 'serve the folder at this port of 127.0.0.1 until it is stopped; 0 is any that is free',
    },
  ],
  examples: [
    'lookalike page -o site --port 8421',
    'lookalike page -o site --model run/model.onnx',
    'lookalike page -o site --pictures pictures/',
  ],
  stopsItself: true,
  input: z.object({
    port: wholeNumber({ min: 0, max: 65_535 }).optional(),
    output: z.string().min(1, 'must not be empty'),
    model: z.string().optional(),
    pictures: z.string().min(1, 'must not be empty').optional(),
  }),
  async run({ output, model: given, pictures: location, port }, terminal) {
    const { loadImages } = await import('../input/load-images.ts');
    const { writeSite } = await import('../../site/write-site.ts');
    const model = await resolveModel(given);
    const modelName = model.origin === 'packaged' ? modelNames.packaged : shortName(model.path);
    terminal.note(`model: ${model.path}`);
    const pictures = location === undefined ? undefined : await loadImages(terminal, location);
    const written = await writeSite(output, {
      model: model.path,
      modelName,
      pictures,
      signal: terminal.signal,
      onProgress: terminal.showProgress,
    });
    terminal.say(`page: ${output}, ${written.files} files, of which ${counted(written.pictures, 'picture')}`);
    if (port === undefined) terminal.note('next: serve the folder by any web server, or give --port');
    else await served(output, port, terminal);
    return { folder: output, model: model.path, ...written };
  },
});

/** A model as people know it, without the folders of this machine: `run/model.onnx`. */
function shortName(file: string): string {
  return file.split(/[\\/]/).slice(-2).join('/');
}

/** Serves the folder until the command is stopped. */
async function served(folder: string, port: number, terminal: Terminal): Promise<void> {
  const { serveSite } = await import('../../site/serve-site.ts');
  const site = await serveSite(folder, port);
  terminal.note(`serving at ${site.url}`);
  await untilAborted(terminal.signal);
  await site.close();
}
