import { LookalikeError } from '../../foundation/errors/lookalike-error.ts';

/** An image that cannot be decoded: names it, says why and what to do. */
export class UnreadableImageError extends LookalikeError {
  readonly code = 'unreadable-image';
  /** The image's path or id. */
  readonly image: string;
  /** Why it cannot be decoded, without the name. */
  readonly reason: string;

  constructor(image: string, reason: string, cause?: unknown) {
    super(`cannot read the image '${image}': ${reason}`, { cause });
    this.image = image;
    this.reason = reason;
  }
}
