import path from 'node:path';
import { pathToFileURL } from 'node:url';

/**
 * A link from a page to a file, relative to the page's folder, so that both can be moved together and the page tells nothing of
 * the folders above them; absolute where there is no way from one to the other (another drive).
 */
export function fileLink(file: string, page: string): string {
  const way = path.relative(path.dirname(path.resolve(page)), path.resolve(file));
  if (path.isAbsolute(way)) return pathToFileURL(way).href;
  return way.split(path.sep).map(encodeURIComponent).join('/');
}
