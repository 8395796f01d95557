import type { GraphProto } from '../../graph/onnx/onnx_pb.ts';
import type { TrunkConfig } from '../networks/trunk-config.ts';

type Layout = TrunkConfig['layout'];

/** Operators that leave every axis where it is. */
const inPlace = new Set(['Add', 'Cast', 'Div', 'Identity', 'Mul', 'Sub']);

/**
 * Order of the axes of a file's picture by the convolution that it comes to first, for a file that leaves its channels open:
 * ONNX's convolutions take channels second, and their filters have as many. So it is `nchw` where filters for three channels
 * meet the picture as it comes, `nhwc` where they meet it behind a transposition of channels to the second axis. Undefined where
 * neither is so.
 *
 * @param image name of the input that takes pictures.
 */
export function convolvedLayout({ node: nodes, initializer }: GraphProto, image: string): Layout | undefined {
  const filters = new Map(initializer.map(({ name, dims }) => [name, dims]));
  // Of each tensor that is the picture but for its values: the order in which the picture came.
  const pictures = new Map<string, Layout>([[image, 'nchw']]);
  for (const { opType, input, output, attribute } of nodes) {
    const came = pictures.get(input.find((name) => pictures.has(name)) ?? '');
    if (came === undefined) continue;
    if (opType === 'Conv') {
      const channels = filters.get(input[1])?.[1];
      const groups = attribute.find(({ name }) => name === 'group')?.i ?? 1n;
      return channels === 3n && groups === 1n ? came : undefined;
    }
    if (inPlace.has(opType)) pictures.set(output[0], came);
    const turned = attribute.find(({ name }) => name === 'perm')?.ints.join();
    if (opType === 'Transpose' && turned === '0,3,1,2' && came === 'nchw') pictures.set(output[0], 'nhwc');
  }
  return undefined;
}
