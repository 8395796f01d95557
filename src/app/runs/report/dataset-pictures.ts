import type { ImageDataset } from '../../../pictures/datasets/dataset.ts';
import type { Sides } from '../../../pictures/decoding/fit-within.ts';
import { PictureDecoder } from '../../../pictures/decoding/picture-decoder.ts';
import type { ReportPicture } from '../../html/picture-png.ts';
import { pagePicture } from '../../pages/page-picture.ts';

/** Makes a dataset's images into pictures for a page, each once: in their own shape, as large as fits into a box, never enlarged. */
export function datasetPictures(dataset: ImageDataset, box: Sides): (place: number) => Promise<ReportPicture> {
  const decoder = new PictureDecoder();
  const made = new Map<number, Promise<ReportPicture>>();
  const make = (place: number) => pagePicture(dataset.images[place].id, dataset.images[place].source, box, decoder);
  return (place) => {
    const picture = made.get(place) ?? make(place);
    made.set(place, picture);
    return picture;
  };
}
