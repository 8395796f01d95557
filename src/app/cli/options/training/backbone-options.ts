import { z } from 'zod';
import { packagedModel } from '../../../../foundation/packaged-model.ts';
import type { TrainingChoices } from '../../../../training/configuration/training-choices.ts';
import {
  type Normalization,
  type NormalizationName,
  normalizationNames,
} from '../../../../training/configuration/trunk-choices.ts';
import { type HubAddress, hubAddressOf, hubScheme } from '../../../../training/hub/hub-address.ts';
import { namedNetworks, networkNamed } from '../../../../training/hub/named-networks.ts';
import type { OptionDefinition } from '../../command.ts';
import { CommandLineError } from '../../command-line-error.ts';
import type { BackboneFile } from '../../input/from-hub.ts';
import { oneOf, wholeNumber } from '../option-values.ts';

/** The options of an ONNX file as the backbone; see docs/backbones.md. */
export const backboneOptions: readonly OptionDefinition[] = [
  { flags: '--cut <tensor>', description: "where a file's network is cut (lookalike cut-points lists places)" },
  {
    flags: '--cut-channels <axis>',
    description: "axis of the cut's channels, counted from 0, where it cannot be told from the network",
  },
  {
    flags: '--freeze <what>',
    description:
      "weights of a file's network that stay: all (its features are then computed once), none, or up to a tensor",
  },
  {
    flags: '--normalize <how>',
    description:
      "how pixels enter a file's network: imagenet, half (-1 to 1), unit (0 to 1), none (it normalises itself), or three means and deviations of 0..1 such as 0.5,0.5,0.5/0.2,0.2,0.2",
  },
  { flags: '--layout <axes>', description: "order of a file's input axes: nchw or nhwc" },
  { flags: '--channels <order>', description: "order of a file's input channels: rgb or bgr" },
  {
    flags: '--feature-cache <folder>',
    description: "where features of a frozen file's network are kept for other runs",
  },
  { flags: '--offline', description: 'fetch nothing: a network of the hub has to be in its cache' },
];

/** What these options hold. */
export const backboneInput = {
  cut: z.string().min(1).optional(),
  cutChannels: wholeNumber({ min: 1, max: 3 }).optional(),
  freeze: z.string().min(1).optional(),
  normalize: normalization().optional(),
  layout: oneOf(['nchw', 'nhwc']).optional(),
  channels: oneOf(['rgb', 'bgr']).optional(),
  featureCache: z.string().min(1).optional(),
  offline: z.boolean().default(false),
};

/** The backbone that is the model which comes along. */
const packagedName = 'packaged';

/** What somebody names on the hub. */
export interface BackboneOnHub {
  readonly address: HubAddress;
}

/**
 * Schema of a backbone as somebody types it: one of the names, the path of an ONNX file, which ends in `.onnx`, the name of a
 * pretrained network, or an address on the hub.
 */
export function backboneName<const Name extends string>(names: readonly Name[]) {
  const named = oneOf([...names, packagedName, ...namedNetworks.map(({ name }) => name)]);
  return z.string().transform((text, context): Name | BackboneFile | BackboneOnHub => {
    const refuse = (message: string) => {
      context.addIssue({ code: 'custom', message });
      return z.NEVER;
    };
    if (text.startsWith(hubScheme)) return backboneOnHub(text) ?? refuse(addressMessage);
    if (text.endsWith('.onnx')) return { file: text };
    if (text === packagedName) return { file: packagedModel };
    const network = networkNamed(text);
    if (network !== undefined) return network;
    const parsed = named.safeParse(text);
    if (parsed.success) return parsed.data as Name;
    return refuse(`${parsed.error.issues[0].message}, or the path of an .onnx file, or ${addressForm}`);
  });
}

const addressForm = 'hf:owner/repository[@revision]/path/file.onnx';
const addressMessage = `must be ${addressForm} where it begins with ${hubScheme} (weights in .safetensors go to --weights)`;

/** An address of an ONNX file on the hub as somebody types it; undefined if it is none. */
export function backboneOnHub(text: string): BackboneOnHub | undefined {
  const address = hubAddressOf(text);
  return address?.path.endsWith('.onnx') ? { address } : undefined;
}

/** What these options and a backbone come to. @throws CommandLineError if they speak of a file and the backbone is none. */
export function backboneChoices(input: {
  readonly backbone?: TrainingChoices['backbone'] | BackboneFile | undefined;
  readonly cut?: string | undefined;
  readonly cutChannels?: number | undefined;
  readonly freeze?: string | undefined;
  readonly normalize?: NormalizationName | Normalization | undefined;
  readonly layout?: 'nchw' | 'nhwc' | undefined;
  readonly channels?: 'rgb' | 'bgr' | undefined;
}): Pick<TrainingChoices, 'backbone' | 'trunk'> {
  const { backbone, cutChannels, ...ofFiles } = input;
  if (typeof backbone !== 'object') {
    for (const [name, value] of Object.entries({ ...ofFiles, 'cut-channels': cutChannels })) {
      if (value !== undefined) {
        throw new CommandLineError(
          `option '--${name}' is for an ONNX file as the backbone: give it with --backbone file.onnx`,
        );
      }
    }
    return backbone === undefined ? {} : { backbone };
  }
  const { cut, freeze, normalize, layout, channels } = ofFiles;
  return {
    trunk: {
      ...backbone,
      ...(cut === undefined ? {} : { cut }),
      ...(cutChannels === undefined ? {} : { cutChannels }),
      ...(freeze === undefined ? {} : { freeze }),
      ...(normalize === undefined ? {} : { normalization: normalize }),
      ...(layout === undefined ? {} : { layout }),
      ...(channels === undefined ? {} : { channels }),
    },
  };
}

function normalization() {
  const named = oneOf(normalizationNames);
  return z.string().transform((text, context): NormalizationName | Normalization => {
    const [means, deviations, ...more] = text.split('/').map((part) => part.split(',').map(Number));
    if (deviations === undefined) {
      const parsed = named.safeParse(text);
      if (parsed.success) return parsed.data;
      context.addIssue({ code: 'custom', message: parsed.error.issues[0].message });
      return z.NEVER;
    }
    const [mean, deviation] = [threeOf(means), threeOf(deviations)];
    if (more.length === 0 && mean !== undefined && deviation?.every((value) => value > 0) === true) {
      return { mean, deviation };
    }
    context.addIssue({
      code: 'custom',
      message: 'must be three means and three deviations above 0, of pixels from 0 to 1: 0.5,0.5,0.5/0.2,0.2,0.2',
    });
    return z.NEVER;
  });
}

function threeOf(numbers: readonly number[]): [number, number, number] | undefined {
  const [r, g, b] = numbers;
  return numbers.length === 3 && numbers.every(Number.isFinite) ? [r, g, b] : undefined;
}
