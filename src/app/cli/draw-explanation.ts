import type { PartialPictureLimits } from '../../pictures/decoding/picture-limits.ts';
import type { NamedPicture } from './input/named-pictures.ts';
import type { Terminal } from './output/terminal.ts';

/**
 * Draws what makes two pictures alike into a file, and says the share of each path of the network.
 *
 * @returns what a JSON document says of it.
 */
export async function drawExplanation(
  terminal: Terminal,
  file: string,
  model: string,
  [one, other]: readonly NamedPicture[],
  limits: PartialPictureLimits,
) {
  const { OnnxruntimeEngine } = await import('../../engines/onnxruntime/onnxruntime-engine.ts');
  const { Explainer } = await import('../../catalogue/explanation/explainer.ts');
  const { drawHeat } = await import('../../catalogue/explanation/heat-map.ts');
  const { encodePng } = await import('../../pictures/decoding/encode-png.ts');
  const { writeAtomically } = await import('../../foundation/files/write-atomically.ts');
  const { percent } = await import('../../foundation/text/percent.ts');
  await using engine = await OnnxruntimeEngine.create();
  await using explainer = await Explainer.open(model, engine, limits);
  const { first, second, shares } = await explainer.explain(one.source, other.source);
  await writeAtomically(file, await encodePng(drawHeat([first, second])));
  for (const { path, share } of shares) terminal.say(`${path.padEnd(10)}  ${percent(share)} of the similarity`);
  const agreement = (first.agreement + second.agreement) / 2;
  const known = Number.isFinite(agreement);
  terminal.note(
    `heat-map: ${file} (approximate; ${known ? `rank correlation with occlusion ${agreement.toFixed(2)}` : 'covering changes nothing'})`,
  );
  return { file, shares: shares.map((share) => ({ ...share })), agreement: known ? agreement : null };
}
