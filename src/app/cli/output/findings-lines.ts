import type { Finding } from '../../../training/doctor/finding.ts';

/** Pictures of a finding that are named in the text; JSON has them all. */
const named = 5;

/** What the doctor found, as lines of text. */
export function findingsLines(findings: readonly Finding[]): string[] {
  return findings.flatMap(({ title, seen, meaning, remedy, images }) => [
    title,
    `  seen:    ${seen}`,
    `  meaning: ${meaning}`,
    `  to do:   ${remedy}`,
    ...images.slice(0, named).map(({ ids, note }) => `    ${ids.join(', ')}: ${note}`),
    ...(images.length > named ? [`    and ${images.length - named} more (--json lists them)`] : []),
  ]);
}
