/** A file beside pictures as it is written, before its values have kinds. */
export interface SidecarTable {
  /** Kinds that the file itself states: `price:number` in the header of a CSV. */
  readonly stated: ReadonlyMap<string, string>;
  /** True where values have types of their own, so that a text of digits is a text. */
  readonly typed: boolean;
  readonly rows: readonly SidecarTableRow[];
}

/** A row as it is written. */
export interface SidecarTableRow {
  /** As the file names the image. */
  readonly id: string;
  readonly line: number;
  /** What stands in each field: text of a CSV, a value of JSON; nothing where there is no value. */
  readonly values: ReadonlyMap<string, unknown>;
}

/** Columns that name the image, the first of them that is there. */
export const imageColumns = ['id', 'path', 'file', 'filename', 'image'];
