import { z } from 'zod';
import { ModelError } from '../../../../foundation/errors/model-error.ts';
import { counted } from '../../../../foundation/text/counted.ts';
import { textTable } from '../../../../foundation/text/text-table.ts';
import { formatShape } from '../../../../graph/tensor/shape.ts';
import type { CutPoint } from '../../../../ranking/backbones/cut-point.ts';
import type { ForeignNetwork } from '../../../../ranking/backbones/foreign-network.ts';
import { networkNamed } from '../../../../training/hub/named-networks.ts';
import { defineCommand } from '../../command.ts';
import { CommandLineError } from '../../command-line-error.ts';
import { type BackboneFile, backboneFromHub } from '../../input/from-hub.ts';
import { oneOf, wholeNumber } from '../../options/option-values.ts';
import { backboneOnHub } from '../../options/training/backbone-options.ts';
import { shellQuoted } from '../../output/shell-quoted.ts';

/** Alignment of the table's columns. */
const columns = ['left', 'left', 'left', 'left', 'right', 'right', 'left'] as const;

/** `lookalike cut-points` */
export const cutPointsCommand = defineCommand({
  name: 'cut-points',
  group: 'Make a model',
  summary: 'list where an ONNX network can be cut to be a backbone',
  details:
    'Lists the tensors that everything after them goes through: maps, tokens and vectors. ' +
    '* marks the best place, which is the last map before the global pool (or the last tokens; where paths run beside each other, the vector in which they meet), and + the vector that the ' +
    'classifier takes. "features" is how many numbers a picture has there, averaged over places or tokens; "?" where the ' +
    'network does not tell which axis holds them (train --cut-channels does). "learnable" says whether everything before can be trained, or which node it has to be frozen up to.',
  arguments: [
    { name: 'file', description: 'an ONNX file whose input takes pictures, or what lookalike backbones names' },
  ],
  options: [
    { flags: '--size <pixels>', description: 'pixels a side, where the file leaves them open (224)' },
    { flags: '--layout <axes>', description: 'order of the input axes: nchw or nhwc' },
    { flags: '--offline', description: 'fetch nothing: a network of the hub has to be in its cache' },
    { flags: '--all', description: 'list tensors inside blocks, too, which something bypasses' },
  ],
  examples: [
    'lookalike cut-points efficientnet.onnx',
    'lookalike cut-points vit.onnx --all --json',
    'lookalike cut-points dinov2-small',
  ],
  input: z.object({
    file: z.string(),
    size: wholeNumber({ min: 8, max: 4096 }).optional(),
    layout: oneOf(['nchw', 'nhwc']).optional(),
    all: z.boolean().default(false),
    offline: z.boolean().default(false),
  }),
  async run({ file: typed, size, layout, all, offline }, terminal) {
    const address = networkNamed(typed)?.address ?? backboneOnHub(typed)?.address;
    if (address === undefined && !typed.endsWith('.onnx'))
      throw new CommandLineError(`argument 'file' must be an ONNX file, got '${typed}'`);
    const chosen: BackboneFile =
      address === undefined ? { file: typed } : await backboneFromHub(address, terminal, offline);
    const { file } = chosen;
    const { openBackboneFile } = await import('../../../../training/planning/open-trunk.ts');
    const { cutPoints, firstUnread, noCutReason } = await import('../../../../ranking/backbones/cut-points.ts');
    const network = await openBackboneFile(file, {
      ...(chosen.usualSize === undefined ? {} : { usualSize: chosen.usualSize }),
      ...(chosen.linkedWithin === undefined ? {} : { linkedWithin: chosen.linkedWithin }),
      ...(size === undefined ? {} : { size }),
      ...(layout === undefined ? {} : { layout }),
    });
    const every = cutPoints(network);
    const reason = noCutReason(network, every);
    if (reason !== undefined) throw new ModelError(`cannot use '${file}' as a backbone: ${reason}`);
    const shown = every.filter((point) => all || point.narrow || point.suggested !== undefined);
    const { width, height, image } = network;
    terminal.say(
      `${typed}: input '${image.name}' ${image.type}${formatShape(image.shape)}, pictures of ${width} x ${height}; ${counted(shown.length, 'place')} to cut${shown.length < every.length ? ` (${every.length} with --all)` : ''}`,
    );
    for (const line of textTable(
      [
        ['', 'tensor', 'operator', 'shape', 'features', 'parameters', 'learnable'],
        ...shown.map((point) => [
          mark(point),
          point.value.name,
          point.node.op,
          formatShape(point.shape),
          point.features?.toLocaleString('en') ?? '?',
          point.parameters.toLocaleString('en'),
          learnable(point),
        ]),
      ],
      columns,
    )) {
      terminal.say(line);
    }
    const best = every.find(({ suggested }) => suggested === 'features');
    if (best !== undefined)
      terminal.say(`lookalike train <images> --backbone ${shellQuoted(typed)} --cut ${shellQuoted(best.value.name)}`);
    for (const line of unreadLines(network.unread, firstUnread(network), best !== undefined)) terminal.say(line);
    return {
      file,
      input: image.name,
      layout: network.layout,
      width,
      height,
      cutPoints: shown.map(pointDocument),
      unread: network.unread.map(({ name, op, reason }) => ({ node: name, operator: op, reason })),
    };
  },
});

/** A place to cut, for a program. */
function pointDocument(point: CutPoint) {
  return {
    tensor: point.value.name,
    node: point.node.name,
    operator: point.node.op,
    shape: [...point.shape],
    kind: point.kind,
    features: point.features ?? null,
    channelAxes: point.axes?.channels ?? null,
    narrow: point.narrow,
    suggested: point.suggested ?? null,
    parameters: point.parameters,
    differentiable: point.obstacles.length === 0,
    obstacles: point.obstacles.map(({ node, reason }) => ({ node: node.name, operator: node.op, reason })),
  };
}

/** What of the file cannot be read: the first node that cannot be, and how many follow it. */
function unreadLines(
  unread: ForeignNetwork['unread'],
  first: ForeignNetwork['unread'][number] | undefined,
  marked: boolean,
): string[] {
  if (first === undefined) return [];
  const unmarked = marked ? [] : ['no place is marked: most weights lie behind what is not read'];
  return [
    ...unmarked,
    `not read, so it cannot lie before a cut: ${counted(unread.length, 'node')}, the first because ${first.reason}`,
  ];
}

function mark({ suggested }: CutPoint): string {
  return suggested === undefined ? '' : suggested === 'features' ? '*' : '+';
}

function learnable({ obstacles, parameters }: CutPoint): string {
  const last = obstacles.at(-1);
  if (parameters === 0) return 'nothing to learn';
  return last === undefined ? 'yes' : `behind ${last.node.name} (${last.node.op})`;
}
