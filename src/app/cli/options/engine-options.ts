import type { LoadModelOptions } from '../../../catalogue/embedding/load-model-options.ts';
import { embeddingEngines, embeddingPrecisions } from '../../../engines/choosing/engine-names.ts';
import { alternatives } from '../../../foundation/text/alternatives.ts';
import { decodings } from '../../../pictures/preparation/preprocessing-rule.ts';
import type { OptionDefinition } from '../command.ts';
import { oneOf } from './option-values.ts';

/** What machines other programs speak of, in the names of engines. */
const elsewhere = { gpu: 'webgpu', cpu: 'onnxruntime', ort: 'onnxruntime', dnnl: 'onednn', mkldnn: 'onednn' };

const engineFlags = { flags: '--engine <name>', elsewhere: ['--device', '--backend', '--gpu'] };
const engineHelp = `what computes: ${alternatives(embeddingEngines)}; lookalike engines lists what is here`;

const precisionOption: OptionDefinition = {
  flags: '--precision <name>',
  description: `what oneDNN computes in: ${alternatives(embeddingPrecisions)}; for a store, auto is that of its vectors`,
  default: 'auto',
};

const decodeOption: OptionDefinition = {
  flags: '--decode <how>',
  description:
    'JPEG files much larger than the model sees: exact decodes them whole, scaled by a decoder that leaves out what it does not ' +
    'see; auto is as the model learnt, or as the pictures of the store were',
  default: 'auto',
};

/** The options of every command that embeds many pictures: `auto` measures which engine is faster with the model. */
export const engineOptions: readonly OptionDefinition[] = [
  { ...engineFlags, description: engineHelp, default: 'auto' },
  precisionOption,
  decodeOption,
];

/** The options of every command that embeds a few pictures, for which measuring would take longer than embedding. */
export const fewPicturesEngineOptions: readonly OptionDefinition[] = [
  { ...engineFlags, description: `${engineHelp}; for so few pictures auto is onnxruntime`, default: 'auto' },
  precisionOption,
  decodeOption,
];

/** What may be given for them. */
export const engineInput = {
  engine: oneOf(embeddingEngines, elsewhere),
  precision: oneOf(embeddingPrecisions, { bf16: 'bfloat16', fp32: 'float32' }),
  decode: oneOf(['auto', ...decodings]),
};

type GivenEngine = Pick<LoadModelOptions, 'precision' | 'decode'> & {
  readonly engine: (typeof embeddingEngines)[number];
};

/** What was given, as the library takes it. */
export function givenEngine({ engine, precision, decode }: GivenEngine): GivenEngine {
  return { engine, precision, decode };
}

/** The same, of a command that embeds a few pictures. */
export function engineForFew({ engine, ...given }: GivenEngine): Pick<LoadModelOptions, keyof GivenEngine> {
  return { ...givenEngine({ engine, ...given }), engine: engine === 'auto' ? undefined : engine };
}
