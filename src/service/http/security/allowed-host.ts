import { isIP } from 'node:net';

/**
 * True of a Host header that a browser can only send to this service on purpose: an IP address, `localhost`, or one of `names`.
 *
 * A page of another site can point a name of its own at this machine (DNS rebinding) and then reads answers as its own; it
 * cannot make the browser send an address instead of that name.
 */
export function isAllowedHost(header: string | undefined, names: readonly string[]): boolean {
  const [, host] = /^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::\d{1,5})?$/i.exec(header ?? '') ?? [];
  if (host === undefined) return false;
  if (isIP(host.replace(/^\[|\]$/g, '')) !== 0) return true;
  const name = host.toLowerCase();
  return name === 'localhost' || names.some((allowed) => allowed.toLowerCase() === name);
}
