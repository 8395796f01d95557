import type { ErrorData } from '../../foundation/errors/error-data.ts';
import type { PreprocessingRule } from './preprocessing-rule.ts';

/** Files that a thread is to prepare. */
export interface PreparationRequest {
  readonly id: number;
  readonly paths: readonly string[];
  readonly rule: PreprocessingRule;
}

/** What became of a file: its pixels, or why there are none. */
export type PreparedFile = { readonly pixels: Uint8Array<ArrayBuffer> } | { readonly unreadable: ErrorData };

/** The thread's answer: one result a file, in the order of the files; or what went wrong beyond a single file. */
export type PreparationReply =
  | { readonly id: number; readonly files: readonly PreparedFile[] }
  | { readonly id: number; readonly error: ErrorData };
