import type { ImageDataset } from '../datasets/dataset.ts';
import { decodeImage } from '../images/decode-image.ts';
import { fitWithin, type Sides } from '../images/fit-within.ts';
import { resizeTriangle } from '../images/resize.ts';
import type { ReportPicture } from '../report/picture-png.ts';
import { smallPicture } from '../report/small-picture.ts';

/** Makes a dataset's images into pictures for a page, each once: in their own shape, as large as fits into a box, never enlarged. */
export function datasetPictures(dataset: ImageDataset, box: Sides): (place: number) => Promise<ReportPicture> {
  const made = new Map<number, Promise<ReportPicture>>();
  const make = async (place: number) => {
    const { id, source } = dataset.images[place];
    const image = await decodeImage(source, { target: box });
    const { width, height } = fitWithin(image, box);
    return smallPicture(id, resizeTriangle(image, width, height));
  };
  return (place) => {
    const picture = made.get(place) ?? make(place);
    made.set(place, picture);
    return picture;
  };
}
