import { tripletPlaces } from '../../../ranking/triplets/triplet-places.ts';
import type { TrainingData } from '../../../training/data/training-data.ts';
import type { ReportSubject } from '../../pages/report/subject-sentence.ts';

/** What the report of a run says of its pictures: those that can be read, and those of them that were kept from training. */
export function reportSubject(
  { digests, heldOut, heldOutTriplets, labels }: TrainingData,
  date: Date = new Date(),
): ReportSubject {
  const count = (places: Iterable<number>) => {
    const all = [...new Set(places)];
    return {
      pictures: all.length,
      classes: new Set(all.map((place) => labels[place]).filter((label) => label >= 0)).size,
    };
  };
  return { date, all: count(digests.keys()), heldOut: count([...heldOut, ...tripletPlaces(heldOutTriplets)]) };
}
