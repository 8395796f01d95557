import { type Finding, inWords } from '../../../../training/doctor/finding.ts';
import { inFlags } from '../in-flags.ts';

/** Pictures of a finding that are named in the text; JSON has them all. */
const named = 5;

/** Findings with the flags of the command line for the choices that they name. */
export function inFlagsAll(findings: readonly Finding[]): Finding[] {
  return findings.map((finding) => inWords(finding, inFlags));
}

/** What the doctor found, as lines of text. */
export function findingsLines(findings: readonly Finding[]): string[] {
  return inFlagsAll(findings).flatMap(({ title, seen, meaning, remedy, images }) => [
    title,
    `  seen:    ${seen}`,
    `  meaning: ${meaning}`,
    `  to do:   ${remedy}`,
    ...images.slice(0, named).map(({ ids, note }) => `    ${ids.join(', ')}: ${note}`),
    ...(images.length > named ? [`    and ${images.length - named} more (--json lists them)`] : []),
  ]);
}
