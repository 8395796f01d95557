import type { ExplainedPicture } from '../../catalogue/explanation/explainer.ts';
import type { HeatKind } from '../../catalogue/explanation/heat-kind.ts';
import type { PartialPictureLimits } from '../../pictures/decoding/picture-limits.ts';
import type { NamedPicture } from './input/named-pictures.ts';
import type { Terminal } from './output/terminal.ts';

/** What is drawn, by what and into which file. */
export interface HeatDrawing {
  readonly file: string;
  readonly by: HeatKind;
  /** The model's file. */
  readonly model: string;
  readonly pictures: readonly NamedPicture[];
  readonly limits: PartialPictureLimits;
}

/**
 * Draws what makes two pictures alike into a file, and says the share of each path of the network, and how far the drawing is to be
 * believed.
 *
 * @returns what a JSON document says of it.
 */
export async function drawExplanation(terminal: Terminal, { file, by, model, pictures, limits }: HeatDrawing) {
  const { OnnxruntimeEngine } = await import('../../engines/onnxruntime/onnxruntime-engine.ts');
  const { Explainer } = await import('../../catalogue/explanation/explainer.ts');
  const { drawHeat } = await import('../../catalogue/explanation/heat-map.ts');
  const { encodePng } = await import('../../pictures/decoding/encode-png.ts');
  const { writeAtomically } = await import('../../foundation/files/write-atomically.ts');
  const { percent } = await import('../../foundation/text/percent.ts');
  await using engine = await OnnxruntimeEngine.create();
  await using explainer = await Explainer.open(model, engine, limits);
  const [one, other] = pictures;
  const { first, second, shares } = await explainer.explain(one.source, other.source);
  const sides = [first, second];
  await writeAtomically(file, await encodePng(drawHeat(sides.map((side) => ({ ...side[by], picture: side.picture })))));
  for (const { path, share } of shares) terminal.say(`${path.padEnd(10)}  ${percent(share)} of the similarity`);
  terminal.note(`heat-map: ${file}, ${heatLine(sides, by)}`);
  return {
    file,
    by,
    shares: shares.map((share) => ({ ...share })),
    agreement: { covering: meanAgreement(sides, 'covering'), gradient: meanAgreement(sides, 'gradient') },
  };
}

/** By what it was found, how far it is to be believed, and how to have the other. */
function heatLine(sides: readonly ExplainedPicture[], by: HeatKind): string {
  const other = by === 'covering' ? 'gradient' : 'covering';
  const agreement = (kind: HeatKind) => meanAgreement(sides, kind)?.toFixed(2);
  const own = agreement(by);
  if (own === undefined) return `by ${heatNames[by]}; covering a place changes nothing, so that it cannot be checked`;
  return (
    `by ${heatNames[by]} (rank correlation with covering place by place: ${own}; 1 would be full agreement). ` +
    `--heat-by ${other} draws ${heatNames[other]}: ${agreement(other)}`
  );
}

const heatNames = { covering: 'covering rectangles', gradient: "the network's gradient" } as const;

/** Of both pictures; null where covering changes nothing. */
function meanAgreement([first, second]: readonly ExplainedPicture[], by: HeatKind): number | null {
  const mean = (first[by].agreement + second[by].agreement) / 2;
  return Number.isFinite(mean) ? mean : null;
}
