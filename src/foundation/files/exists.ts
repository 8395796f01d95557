import { stat } from 'node:fs/promises';

/** True if there is a file or a folder at the path; false also where nobody may look. */
export async function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}
