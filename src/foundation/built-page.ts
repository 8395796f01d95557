import { fileURLToPath } from 'node:url';

/**
 * The folder with the built files of the page that the service serves: `dist/page`, which is beside the folder of every bundle and
 * of this module's built file.
 */
export const builtPage = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? '../../dist/page/' : '../page/', import.meta.url),
);
