/** A folder that has no images any more. */
export type GoneFolder = {
  /** As ids have it, without a slash at the end. */
  readonly folder: string;
  /** How many images were in it and below. */
  readonly images: number;
};

/**
 * The outermost folders that vanished images were in and that hold none of those that are present, in code-unit order: what a
 * disk that is not mounted looks like, too.
 */
export function goneFolders(vanished: Iterable<string>, present: Iterable<string>): GoneFolder[] {
  const left = new Set<string>();
  for (const id of present) for (const folder of foldersOf(id)) left.add(folder);
  const gone = new Map<string, number>();
  for (const id of vanished) {
    const outermost = foldersOf(id).find((folder) => !left.has(folder));
    if (outermost !== undefined) gone.set(outermost, (gone.get(outermost) ?? 0) + 1);
  }
  return [...gone].map(([folder, images]) => ({ folder, images })).sort((a, b) => (a.folder < b.folder ? -1 : 1));
}

/** The folders that an id is in, the outermost first: of `a/b/1.png` these are `a` and `a/b`. */
function foldersOf(id: string): string[] {
  const parts = id.split('/').slice(0, -1);
  return parts.map((_, last) => parts.slice(0, last + 1).join('/'));
}
