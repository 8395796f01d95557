import { homedir, tmpdir } from 'node:os';
import path from 'node:path';

/**
 * The user's home folder. Where there is none (a container's user whom the system does not know, without HOME) it is a folder of that
 * user among the temporary files, which need not be there.
 *
 * @param known what the system says, which throws where it knows none.
 */
export function homeFolder(known: () => string = homedir): string {
  try {
    return known();
  } catch {
    return path.join(tmpdir(), `lookalike-user-${process.getuid?.() ?? 'unknown'}`);
  }
}
