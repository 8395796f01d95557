import { fileURLToPath } from 'node:url';

/**
 * The folder with the built files of the page that the service serves: `dist/page`, which is beside the folder of every bundle and
 * of this module's built file.
 */
export const builtPage = builtFolder('page');

/** The folder with the built files of the page that needs no service: `dist/alone`. */
export const builtAlonePage = builtFolder('alone');

function builtFolder(name: string): string {
  return fileURLToPath(
    new URL(import.meta.url.endsWith('.ts') ? `../../dist/${name}/` : `../${name}/`, import.meta.url),
  );
}
