import type { HeatKind } from '../../catalogue/explanation/heat-kind.ts';
import type { ErrorData } from '../../foundation/errors/error-data.ts';
import type { Progress } from '../../foundation/progress/progress.ts';
import type { PictureLimits } from '../../pictures/decoding/picture-limits.ts';
import type { SearchDistanceName } from '../../ranking/distances/search-distance.ts';

/** What a thread works on. */
export interface WorkSettings {
  /** The path of the model's file. */
  readonly model: string;
  /** Where the store is. */
  readonly store: string;
  readonly pictureLimits: PictureLimits;
}

/** The heat of a picture that was explained, drawn. */
export interface DrawnHeat {
  /** A PNG file. */
  readonly heatmap: Uint8Array<ArrayBuffer>;
  /** As of `CheckedHeat`. */
  readonly agreement: number;
}

/** A picture that was explained, its heat drawn by what it was found by. */
export type DrawnExplanation = Readonly<Record<HeatKind, DrawnHeat>>;

/** What a thread does: the argument of each kind of work, and what it comes to. */
export interface WorkKinds {
  /** Two pictures, each the path of a file or the bytes of one. */
  readonly explain: {
    readonly argument: readonly [first: string | Uint8Array, second: string | Uint8Array];
    readonly result: {
      readonly similarity: number;
      readonly shares: readonly { readonly path: string; readonly share: number }[];
      readonly drawn: readonly DrawnExplanation[];
    };
  };
  /** How far apart near duplicates are at most; undefined for copies of one picture. */
  readonly duplicates: { readonly argument: number | undefined; readonly result: FoundDuplicates };
  /** The seed that decides the layout. */
  readonly map: { readonly argument: number; readonly result: CatalogueMap };
}

/** Groups of duplicates; each is JSON by itself, so that a page of them can be had without reading all. */
export interface FoundDuplicates {
  /** Null where they are copies of one picture. */
  readonly maxDistance: number | null;
  readonly by: SearchDistanceName;
  /** Pictures that could not be looked at. */
  readonly unseen: number;
  /** Images that were compared. */
  readonly images: number;
  /** Images beyond one a group. */
  readonly extra: number;
  /** The groups one after the other, in UTF-8. */
  readonly json: Uint8Array<ArrayBuffer>;
  /** Where each of them ends. */
  readonly ends: Uint32Array<ArrayBuffer>;
}

/** All images in the plane. */
export interface CatalogueMap {
  readonly seed: number;
  readonly images: number;
  /** The document of ids, places and classes, in UTF-8; see `mapPointsSchema`. */
  readonly json: Uint8Array<ArrayBuffer>;
}

/** The name of a kind of work. */
export type WorkName = keyof WorkKinds;

/** What a thread is asked. */
export type WorkRequest = {
  readonly [Name in WorkName]: {
    readonly id: number;
    readonly name: Name;
    readonly argument: WorkKinds[Name]['argument'];
  };
}[WorkName];

/** Ends the thread when what it is doing is done or has heard of it. */
export const endOfWork = 'end';

/** What it says: how far it is, what it came to, or what went wrong. */
export type WorkReply =
  | { readonly id: number; readonly progress: Progress }
  | { readonly id: number; readonly result: WorkKinds[WorkName]['result'] }
  | { readonly id: number; readonly error: ErrorData };

/** What a piece of work came to, and what of it is handed over rather than copied. */
export interface WorkDone<Name extends WorkName> {
  readonly result: WorkKinds[Name]['result'];
  readonly transfer: readonly ArrayBuffer[];
}

/** Does one kind of work. */
export type WorkHandler<Name extends WorkName> = (
  argument: WorkKinds[Name]['argument'],
  onProgress: (progress: Progress) => void,
) => Promise<WorkDone<Name>>;
