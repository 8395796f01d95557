/** A picture that is not decoded: why, and what to do, in words that go with its name. */
export class PictureRefusal extends Error {
  override readonly name = 'PictureRefusal';
}
