import type { ErrorData } from '../../foundation/errors/error-data.ts';
import type { PreprocessingRule } from './preprocessing-rule.ts';

/** What a thread makes of a picture: a row of a network's input, or a WebP file that fits into a box, nothing enlarged. */
export type PreparationWork =
  | { readonly kind: 'input'; readonly rule: PreprocessingRule }
  | { readonly kind: 'thumbnail'; readonly width: number; readonly height: number };

/** Pictures that a thread is to prepare: paths of files, and bytes of image files. */
export interface PreparationRequest {
  readonly id: number;
  readonly sources: readonly (string | Uint8Array)[];
  readonly work: PreparationWork;
}

/** What became of a picture: the bytes that were wanted, or why there are none. */
export type PreparedPicture = { readonly bytes: Uint8Array<ArrayBuffer> } | { readonly unreadable: ErrorData };

/** The thread's answer: one result a picture, in their order; or what went wrong beyond a single picture. */
export type PreparationReply =
  | { readonly id: number; readonly pictures: readonly PreparedPicture[] }
  | { readonly id: number; readonly error: ErrorData };
