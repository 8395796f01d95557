import { AppendLog } from '../files/append-log.ts';
import type { JsonValue } from '../files/json-value.ts';
import type { RunFolder } from '../training/run-folder.ts';

/** The lines of a run's log, first to last. */
export async function readRunLog(run: RunFolder): Promise<JsonValue[]> {
  const log = await AppendLog.open(run.log);
  try {
    return await log.read();
  } finally {
    await log.close();
  }
}
