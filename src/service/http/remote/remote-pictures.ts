import { Buffer } from 'node:buffer';
import type { LookupAddress } from 'node:dns';
import { lookup as systemLookup } from 'node:dns/promises';
import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { RequestError } from '../../../foundation/errors/request-error.ts';
import { lookalikeVersion } from '../../../foundation/lookalike-version.ts';
import type { ByteShare } from '../load/byte-budget.ts';
import { isPictureType, refusePicture } from '../uploads/refuse-picture.ts';
import { isForeignAddress } from './public-address.ts';

/** Addresses that one picture may lead to, one after the other. */
const mostRedirects = 3;

/** How pictures are fetched. */
export interface RemoteRules {
  /** All addresses that a name has. Default: what the system's resolver says. */
  readonly lookup: (name: string) => Promise<readonly LookupAddress[]>;
  /** Whether an address may be connected to. Default: public ones that are not this machine's own. */
  readonly mayConnect: (address: string) => boolean;
}

/** What one picture may take, and what it is called in errors. */
export interface FetchLimits {
  readonly bytes: number;
  readonly share: ByteShare;
  /** Ends the fetching. */
  readonly signal: AbortSignal;
  /** Which part of the request named it: `request.first.url`. */
  readonly path: string;
}

/**
 * Fetches pictures from addresses that requests name: by `http:` and `https:`, from public addresses alone. A name is resolved, every
 * address that it has is checked, and the connection goes to one of those that were checked, so that a name cannot lead elsewhere
 * the second time; a redirect is a new address, checked likewise. Nothing is sent along: no token, cookie or referrer, and no
 * proxy of the environment is used.
 */
export class RemotePictures {
  readonly #rules: RemoteRules;
  readonly #agent = `lookalike/${lookalikeVersion().version}`;

  constructor(rules: Partial<RemoteRules> = {}) {
    this.#rules = {
      lookup: (name) => systemLookup(name, { all: true }),
      mayConnect: isForeignAddress,
      ...rules,
    };
  }

  /**
   * The bytes of the picture at an address.
   *
   * @throws RequestError `usage` of no such address, `forbidden` of one that does not lead to a public one, `too-large` of too many
   *   bytes, `unreadable-image` of what does not answer or is no picture, `busy` where there is no room for it.
   */
  async fetch(address: string, limits: FetchLimits): Promise<Buffer> {
    const { path, signal } = limits;
    const fail = (reason: string, cause?: unknown) =>
      new RequestError('unreadable-image', `no picture came from '${address.slice(0, 200)}': ${reason}`, {
        path,
        cause,
      });
    try {
      const answer = await this.#follow(address, limits, fail);
      return await readPicture(answer, address, limits, fail);
    } catch (error) {
      if (error instanceof RequestError) throw error;
      if (signal.aborted) throw fail('it took too long', error);
      throw fail('its server does not answer as it should', error);
    }
  }

  async #follow(address: string, { path, signal }: FetchLimits, fail: Fail): Promise<IncomingMessage> {
    let url = pictureUrl(address, path);
    for (let redirects = 0; ; redirects++) {
      const answer = await this.#open(url, path, signal);
      const { statusCode = 0, headers } = answer;
      if (statusCode === 200) return answer;
      answer.destroy();
      if (![301, 302, 303, 307, 308].includes(statusCode) || headers.location === undefined) {
        throw fail(`its server answers ${statusCode}`);
      }
      if (redirects === mostRedirects) throw fail(`it leads to more than ${mostRedirects} other addresses`);
      if (!URL.canParse(headers.location, url.href)) throw fail('it leads to what is no address');
      const next = pictureUrl(new URL(headers.location, url).href, path);
      if (url.protocol === 'https:' && next.protocol === 'http:') throw fail('it leads from https: to http:');
      url = next;
    }
  }

  async #open(url: URL, path: string, signal: AbortSignal): Promise<IncomingMessage> {
    const checked = await this.#checkedAddresses(url, path, signal);
    const { request } = url.protocol === 'https:' ? https : http;
    return new Promise((resolve, reject) => {
      const asked = request(
        url,
        {
          // A connection of its own: one that is kept might lead to where another name led.
          agent: false,
          lookup: answering(checked),
          signal,
          headers: { accept: 'image/*', 'accept-encoding': 'identity', 'user-agent': this.#agent },
        },
        resolve,
      );
      asked.on('error', reject);
      asked.end();
    });
  }

  /** @throws RequestError `forbidden`, which does not tell a name that is not known from one that is private. */
  async #checkedAddresses({ hostname }: URL, path: string, signal: AbortSignal): Promise<readonly LookupAddress[]> {
    const { lookup, mayConnect } = this.#rules;
    const literal = hostname.replace(/^\[|\]$/g, '');
    const family = isIP(literal);
    const found =
      family === 0
        ? await unlessAborted(
            signal,
            lookup(hostname).catch(() => []),
          )
        : [{ address: literal, family }];
    if (found.length > 0 && found.every(({ address }) => mayConnect(address))) return found;
    throw new RequestError(
      'forbidden',
      `'${hostname.slice(0, 200)}' does not lead to a public address: pictures are fetched from such alone`,
      { path },
    );
  }
}

type Fail = (reason: string, cause?: unknown) => RequestError;

/** @throws RequestError `usage` */
function pictureUrl(address: string, path: string): URL {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  const isPlain = url !== undefined && url.username === '' && url.password === '';
  const port = Number(url?.port ?? 0);
  // Low ports are those of other protocols than HTTP; none given is the scheme's own.
  const isPort = port === 0 || port === 80 || port === 443 || port >= 1024;
  if (isPlain && isPort && (url.protocol === 'https:' || url.protocol === 'http:')) return url;
  throw new RequestError(
    'usage',
    `${path}: '${address.slice(0, 200)}' is no address that pictures are fetched from: give one of http: or https:, without a ` +
      'name and password, at port 80, 443 or one from 1024 on',
    { path },
  );
}

/** Answers the connection's question for addresses with those that were checked. */
function answering(checked: readonly LookupAddress[]): LookupFunction {
  return (_, { all }, callback) => {
    if (all) callback(null, [...checked]);
    else callback(null, checked[0].address, checked[0].family);
  };
}

async function readPicture(
  answer: IncomingMessage,
  address: string,
  { bytes: most, share, path }: FetchLimits,
  fail: Fail,
): Promise<Buffer> {
  const {
    'content-type': said = '',
    'content-encoding': encoding = 'identity',
    'content-length': length,
  } = answer.headers;
  const [type] = said.split(';');
  const tooLarge = () =>
    new RequestError('too-large', `the picture at '${address.slice(0, 200)}' has more than ${most} bytes`, { path });
  const refuse = (error: RequestError): never => {
    answer.destroy();
    throw error;
  };
  if (!isPictureType(type.trim()))
    refuse(fail(`its server says that it is ${type === '' ? 'nothing' : type.slice(0, 80)}`));
  if (encoding !== 'identity') refuse(fail('its server packs it, though it was not asked to'));
  if (Number(length ?? 0) > most) refuse(tooLarge());
  const pieces: Buffer[] = [];
  let taken = 0;
  for await (const piece of answer as AsyncIterable<Buffer>) {
    taken += piece.length;
    if (taken > most) throw tooLarge();
    share.take(piece.length);
    pieces.push(piece);
  }
  const bytes = Buffer.concat(pieces);
  refusePicture(path, type.trim(), bytes);
  return bytes;
}

/** What work gives, unless a signal comes first. Work goes on unheard then. @throws the signal's reason. */
async function unlessAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  let stop: (() => void) | undefined;
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason);
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop);
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    if (stop !== undefined) signal.removeEventListener('abort', stop);
  }
}
