import type { SiteManifest } from '../site/site-manifest.ts';
import type { PictureFile } from './worker/protocol.ts';

/** What lies beside the page. */
export async function siteFiles(): Promise<SiteManifest> {
  return (await answerOf('alone.json')).json();
}

/** The bytes of a model that lies beside the page. */
export async function siteModel(file: string): Promise<Uint8Array> {
  return new Uint8Array(await (await answerOf(file)).arrayBuffer());
}

/** Pictures that lie beside the page. */
export async function sitePictures(ids: readonly string[]): Promise<PictureFile[]> {
  const pictures: PictureFile[] = [];
  for (const id of ids) {
    const path = id.split('/').map(encodeURIComponent).join('/');
    pictures.push({ id, file: await (await answerOf(`pictures/${path}`)).blob() });
  }
  return pictures;
}

async function answerOf(path: string): Promise<Response> {
  const answer = await fetch(new URL(path, document.baseURI));
  if (answer.ok) return answer;
  throw new TypeError(
    `the page's folder has no '${path}' (${answer.status}): make the folder again with lookalike page`,
  );
}
