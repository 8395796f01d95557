import { z } from 'zod';
import { hubAddressForm, hubAddressOf, hubScheme } from '../../../../training/hub/hub-address.ts';
import { importableBackbones } from '../../../../training/weights/importable-backbones.ts';
import type { OptionDefinition } from '../../command.ts';

/** The options of what training starts from; see docs/weights.md and docs/training.md. */
export const startOptions: readonly OptionDefinition[] = [
  {
    flags: '--weights <file>',
    elsewhere: ['--pretrained', '--checkpoint', '--init'],
    description: `start from these weights: safetensors with torchvision's or timm's names (${importableBackbones.map(({ name }) => name).join(', ')}), such a file of the hub (hf:…), a Keras HDF5 file of VGG16, or the model.onnx of a run with the same --backbone; none, as it is by default, for nothing`,
  },
];

/** What these options hold. */
export const startInput = {
  weights: z.string().min(1).refine(isWeightsFile, `must be a file, or ${hubAddressForm}`).optional(),
};

/** False for what begins like an address of the hub and is none. */
function isWeightsFile(name: string): boolean {
  return !name.startsWith(hubScheme) || hubAddressOf(name) !== undefined;
}
