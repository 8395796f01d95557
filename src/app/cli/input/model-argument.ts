import { stat } from 'node:fs/promises';
import path from 'node:path';
import { CommandLineError } from '../command-line-error.ts';

/** What a command with images and a model was given. */
export interface ImagesAndModel {
  readonly images: string;
  readonly model: string | undefined;
}

/**
 * Tells images and model apart where two words were given without `--model`: one of them has to be a model, which is an `.onnx`
 * file or the folder of a run, in either order.
 *
 * @param command its name, for the message.
 * @throws CommandLineError if both could be images or both models, or if a model was given twice.
 */
export async function imagesAndModel(
  command: string,
  words: readonly [first: string, second: string | undefined],
  model: string | undefined,
): Promise<ImagesAndModel> {
  const [first, second] = words;
  if (second === undefined) return { images: first, model };
  const order = `give the images first and the model behind --model: lookalike ${command} <images> --model <file>`;
  if (model !== undefined)
    throw new CommandLineError(`'${first}', '${second}' and --model ${model} were given: ${order}`);
  const [isFirst, isSecond] = [await isModel(first), await isModel(second)];
  if (isFirst === isSecond) {
    throw new CommandLineError(`which of '${first}' and '${second}' is the model cannot be told: ${order}`);
  }
  return isFirst ? { images: second, model: first } : { images: first, model: second };
}

async function isModel(word: string): Promise<boolean> {
  if (word.endsWith('.onnx')) return true;
  for (const name of ['model.onnx', 'config.json']) {
    const found = await stat(path.join(word, name)).catch(() => undefined);
    if (found?.isFile() === true) return true;
  }
  return false;
}
