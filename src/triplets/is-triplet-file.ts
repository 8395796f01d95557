import { open } from 'node:fs/promises';

/** True for a CSV whose first line has the columns of a triplet file; false for anything else, also what cannot be read. */
export async function isTripletFile(file: string): Promise<boolean> {
  if (!/\.csv$/i.test(file)) return false;
  const handle = await open(file).catch(() => undefined);
  if (handle === undefined) return false;
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(4096), 0, 4096, 0);
    const [header] = buffer.subarray(0, bytesRead).toString('utf8').split(/\r?\n/);
    const columns = header.split(',').map((cell) => cell.replace(/^\uFEFF|["\s]/g, '').toLowerCase());
    return ['query', 'positive', 'negative'].every((column) => columns.includes(column));
  } catch {
    return false;
  } finally {
    await handle.close();
  }
}
