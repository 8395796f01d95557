import path from 'node:path';
import { rolldown } from 'rolldown';

const inPage = path.join(import.meta.dirname, 'in-page');

/** A script of the folder `in-page` with all that it imports, as one for a page; in place of vitest it has `vitest-in-page.ts`. */
export async function bundleInPage(name: string): Promise<string> {
  const bundle = await rolldown({
    input: path.join(inPage, name),
    platform: 'browser',
    resolve: { alias: { vitest: path.join(inPage, 'vitest-in-page.ts') } },
  });
  const { output } = await bundle.generate({ format: 'esm', codeSplitting: false });
  await bundle.close();
  return output[0].code;
}
