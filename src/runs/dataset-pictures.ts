import type { ImageDataset } from '../datasets/dataset.ts';
import { preprocess } from '../images/preprocess.ts';
import { preprocessingRule } from '../images/preprocessing-rule.ts';
import type { ReportPicture } from '../report/picture-png.ts';
import { smallPicture } from '../report/small-picture.ts';

/** Makes a dataset's images into pictures for a page, each once: at most so many pixels wide and high. */
export function datasetPictures(
  dataset: ImageDataset,
  { width, height }: { readonly width: number; readonly height: number },
): (place: number) => Promise<ReportPicture> {
  const rule = preprocessingRule(width, height);
  const made = new Map<number, Promise<ReportPicture>>();
  const make = async (place: number) => {
    const { id, source } = dataset.images[place];
    return smallPicture(id, { width, height, data: await preprocess(source, rule) });
  };
  return (place) => {
    const picture = made.get(place) ?? make(place);
    made.set(place, picture);
    return picture;
  };
}
