import { z } from 'zod';
import { FileError } from '../../foundation/errors/file-error.ts';
import { codeOf, fileError } from '../../foundation/files/file-error.ts';
import { readOrdinaryFile } from '../../foundation/files/ordinary-file.ts';
import { writeJsonAtomically } from '../../foundation/files/write-atomically.ts';
import { type Finding, findingSchema } from './finding.ts';

const schema = z.strictObject({ findings: z.array(findingSchema) });

/** Writes what was found in a run's pictures. */
export async function writeFindings(file: string, findings: readonly Finding[]): Promise<void> {
  await writeJsonAtomically(file, { findings });
}

/**
 * What was found in a run's pictures; undefined if there is no such file, as in a run of an earlier version.
 *
 * @throws if the file cannot be read or is no list of findings.
 */
export async function readFindings(file: string): Promise<Finding[] | undefined> {
  let text: string;
  try {
    text = (await readOrdinaryFile(file)).toString('utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw fileError('read', file, error);
  }
  try {
    return schema.parse(JSON.parse(text)).findings;
  } catch {
    throw new FileError(
      `'${file}' is no list of findings of this version: remove it; give options.material to look at the pictures again`,
    );
  }
}
