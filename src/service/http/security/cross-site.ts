/** The headers by which a browser says where a request comes from. */
export interface OriginHeaders {
  readonly host?: string | undefined;
  readonly origin?: string | undefined;
  readonly 'sec-fetch-site'?: string | string[] | undefined;
  readonly 'sec-fetch-mode'?: string | string[] | undefined;
  readonly 'sec-fetch-dest'?: string | string[] | undefined;
}

/**
 * True of a request that a page of another site makes: one with an `Origin` that is neither the service's own nor in `allowed`,
 * or, where a browser sends no `Origin`, one that `Sec-Fetch-Site` tells of. A link that somebody follows to the service is
 * none. Other programs than browsers send neither.
 */
export function isCrossSite(method: string, headers: OriginHeaders, allowed: readonly string[]): boolean {
  const { origin, host } = headers;
  if (origin !== undefined) return !allowed.includes(origin) && hostOf(origin) !== host?.toLowerCase();
  const site = headers['sec-fetch-site'];
  if (site === undefined || site === 'same-origin' || site === 'none') return false;
  const isLink = headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document';
  return !(method === 'GET' && isLink);
}

function hostOf(origin: string): string | undefined {
  // A scheme's own port is in neither header.
  return /^https?:\/\/([^/]+)$/i.exec(origin)?.[1].toLowerCase();
}
