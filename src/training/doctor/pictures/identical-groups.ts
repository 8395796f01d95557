/** Images that look the same: more than one number each, ascending, by the first of them. */
export type IdenticalGroups = readonly (readonly number[])[];

/** Groups of images whose prepared pixels have the same digest. Images without a digest, which cannot be read, are in none. */
export function identicalGroups(images: readonly number[], digests: ReadonlyMap<number, string>): IdenticalGroups {
  const groups = new Map<string, number[]>();
  for (const image of [...images].sort((a, b) => a - b)) {
    const digest = digests.get(image);
    if (digest === undefined) continue;
    const group = groups.get(digest);
    if (group === undefined) groups.set(digest, [image]);
    else group.push(image);
  }
  return [...groups.values()].filter((group) => group.length > 1);
}
