import { LookalikeClient } from '../client/client.ts';
import { paths } from '../protocol/paths.ts';

/** The folder that the page was loaded from: a proxy may have put it below another one. */
export const base = new URL('.', document.baseURI).href.replace(/\/$/, '');

/** The service that the page came from. */
export const service = new LookalikeClient(base);

/** Where the browser finds a small picture of an image of the store. */
export function thumbnailUrl(id: string, side: 64 | 256 | 512 | 1024): string {
  return `${base}${paths.thumbnail.path}?id=${encodeURIComponent(id)}&side=${side}`;
}

/** Where the browser finds the report of a training run. */
export function runReportUrl(name: string): string {
  return `${base}${paths.runReport.path}?name=${encodeURIComponent(name)}`;
}
