/** The pictures of a run, as the doctor looks at them. Images are numbers of the dataset. */
export interface ExaminedImages {
  /** Images that are trained on. */
  readonly train: readonly number[];
  /** Images that are kept to judge by. */
  readonly heldOut: readonly number[];
  /** The class of each image, -1 for none. */
  readonly labels: ArrayLike<number>;
  /** What two images share if and only if they look the same to the network. */
  readonly digests: ReadonlyMap<number, string>;
  readonly idOf: (image: number) => string;
  readonly classOf: (label: number) => string;
}
