import { z } from 'zod';

/** What the doctor can find, in the order in which findings are listed. */
export const findingKinds = [
  'collapse',
  'exploding-gradient',
  'dead-gap',
  'few-active-triplets',
  'no-better-than-unlearnt',
  'few-classes',
  'plateau',
  'still-improving',
  'unvisited-classes',
  'leakage',
  'contradictory-labels',
  'label-suspects',
  'duplicated-positives',
] as const;

/** The name of an illness. */
export type FindingKind = (typeof findingKinds)[number];

/** Pictures that a finding is about: one that looks wrong, or several that look the same. */
const namedImagesSchema = z.strictObject({ ids: z.array(z.string()).min(1), note: z.string() });

/** One illness of a run or of its pictures, as plain data for a terminal, JSON or a page. */
export const findingSchema = z.strictObject({
  kind: z.enum(findingKinds),
  /** What it is called, in a few words. */
  title: z.string(),
  /** What was seen, with its numbers. */
  seen: z.string(),
  /** What that means. */
  meaning: z.string(),
  /** What to change. */
  remedy: z.string(),
  /** The numbers behind it, by name. */
  numbers: z.record(z.string(), z.number()),
  /** The pictures behind it, the plainest first; empty where it is not about single pictures. At most `mostImages`. */
  images: z.array(namedImagesSchema),
});

/** One illness: what was seen, what it means, what to change. */
export type Finding = Readonly<z.infer<typeof findingSchema>>;
/** Pictures that a finding is about. */
export type NamedImages = Readonly<z.infer<typeof namedImagesSchema>>;

/** Entries of a finding's list of pictures; `numbers` says how many there are in all. */
export const mostImages = 50;

/** The finding in other words: what its texts say of choices (`choices.rows: 7`) as `wording` puts it. */
export function inWords(finding: Finding, wording: (text: string) => string): Finding {
  const { title, seen, meaning, remedy } = finding;
  return {
    ...finding,
    title: wording(title),
    seen: wording(seen),
    meaning: wording(meaning),
    remedy: wording(remedy),
  };
}

/** A finding in one line, for a warning. */
export function findingLine({ title, seen, remedy }: Finding): string {
  return `${title}: ${seen} ${remedy}`;
}

/** The findings that there are, by the order of their kinds. */
export function inOrder(findings: readonly (Finding | undefined)[]): Finding[] {
  return findingKinds.flatMap((kind) => findings.flatMap((finding) => (finding?.kind === kind ? [finding] : [])));
}

/** Findings of the course of a run and others, in order; where its course shows a collapse, that of its model is not told again. */
export function joined(ofLog: readonly Finding[], others: readonly Finding[]): Finding[] {
  const collapsed = ofLog.some(({ kind }) => kind === 'collapse');
  return inOrder([...ofLog, ...others.filter(({ kind }) => !collapsed || kind !== 'collapse')]);
}
