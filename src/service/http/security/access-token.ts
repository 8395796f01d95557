import type { Buffer } from 'node:buffer';
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** A new token of 256 random bits, in letters that a command line and a header take as they are. */
export function newToken(): string {
  return randomBytes(32).toString('base64url');
}

/**
 * The token that requests have to carry, as `Authorization: Bearer …`, and the cookie that stands for it in a browser, for
 * pictures of a page cannot send a header. Both are compared in a time that does not depend on where they differ.
 */
export class AccessToken {
  readonly #token: Buffer;
  readonly #session = newToken();
  /** Of this service alone: the ports of a host share its cookies. */
  readonly #cookieName = `lookalike_${randomBytes(4).toString('hex')}`;

  constructor(token: string) {
    this.#token = digestOf(token);
  }

  /** True of the token itself. */
  isToken(given: string): boolean {
    return timingSafeEqual(digestOf(given), this.#token);
  }

  /** True of a request that carries the token or the cookie. */
  admits(headers: { readonly authorization?: string | undefined; readonly cookie?: string | undefined }): boolean {
    const [, bearer] = /^Bearer +(\S+)$/i.exec(headers.authorization ?? '') ?? [];
    if (bearer !== undefined) return this.isToken(bearer);
    const cookies = (headers.cookie ?? '').split(/; */).map((cookie) => cookie.split('='));
    const given = cookies.find(([name]) => name === this.#cookieName)?.[1];
    return given !== undefined && timingSafeEqual(digestOf(given), digestOf(this.#session));
  }

  /** What `Set-Cookie` says to a browser that has shown the token. @param secure the browser has come by TLS. */
  cookie(secure: boolean): string {
    return `${this.#cookieName}=${this.#session}; Path=/; HttpOnly; SameSite=Strict${secure ? '; Secure' : ''}`;
  }
}

/** Of one length, whatever is compared. */
function digestOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
