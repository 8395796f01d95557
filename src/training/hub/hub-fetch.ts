import { throwIfAborted } from '../../foundation/errors/abort-error.ts';
import { DownloadError } from '../../foundation/errors/download-error.ts';
import type { HubAddress } from './hub-address.ts';
import type { HubSettings } from './hub-settings.ts';

/** A request that may go well a moment later: no answer, one that broke off, a hub that is busy. */
export class UnfinishedRequest extends DownloadError {}

/** What requests are about, for their errors, and what ends them. */
export interface HubRequests {
  readonly settings: HubSettings;
  readonly address: HubAddress;
  readonly signal?: AbortSignal | undefined;
}

/**
 * A `fetch` for the hub's client whose errors say what to do: the hub cannot be reached; it does not know the repository, the
 * revision or the file; it does not let this user read it; it is busy; it does not answer a request for a part of a file with
 * that part.
 *
 * Where the signal stops a request, `throwIfAborted` says so.
 */
export function hubFetch(requests: HubRequests): typeof fetch {
  return async (input, init = {}) => {
    const { signal } = requests;
    const headers = new Headers(init.headers);
    headers.set('User-Agent', 'deep-lookalike');
    const response = await fetch(input, { ...init, headers, ...(signal == null ? {} : { signal }) }).catch(
      (error: unknown) => {
        throwIfAborted(signal);
        throw unreachable(requests, error);
      },
    );
    if (response.ok && beginsAt(response) === askedFrom(headers)) return response;
    await response.body?.cancel().catch(() => undefined);
    throw refusal(requests, response);
  };
}

/** First byte that is asked for. */
function askedFrom(headers: Headers): number {
  return Number(/^bytes=(\d+)-/.exec(headers.get('Range') ?? '')?.[1] ?? 0);
}

/** First byte that an answer has: 0 but for a part. */
function beginsAt(response: Response): number {
  if (response.status !== 206) return 0;
  return Number(/^bytes (\d+)-/.exec(response.headers.get('Content-Range') ?? '')?.[1] ?? Number.NaN);
}

function unreachable({ settings: { endpoint } }: HubRequests, error: unknown): UnfinishedRequest {
  const deepest = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = deepest instanceof Error && 'code' in deepest ? ` (${deepest.code})` : '';
  const reason = deepest instanceof Error ? deepest.message || 'no answer' : String(deepest);
  return new UnfinishedRequest(
    `cannot reach the hub at ${endpoint}: ${reason}${code}; check the network and run the command again, set HF_ENDPOINT to a mirror, or name an ONNX file on this machine`,
    { cause: error },
  );
}

function refusal({ settings, address }: HubRequests, response: Response): DownloadError {
  const { endpoint, token } = settings;
  const { repository, revision, path } = address;
  const page = `${endpoint}/${repository}`;
  const { status } = response;
  const said = response.headers.get('X-Error-Code') ?? '';
  if (said === 'RevisionNotFound')
    return new DownloadError(`the hub knows no revision '${revision}' of ${repository}: ${page} lists its branches`);
  if (said === 'EntryNotFound')
    return new DownloadError(`${repository} has no file '${path}': ${page}/tree/${revision} lists its files`);
  if (said === 'GatedRepo' || status === 403) {
    return new DownloadError(
      `the hub does not let you read ${repository} (${status}): accept its terms on ${page} and set HF_TOKEN to a token of yours that may read it`,
    );
  }
  if (said === 'RepoNotFound' || status === 401) {
    const why = token === undefined ? 'without a token' : 'with the token of HF_TOKEN';
    return new DownloadError(
      `the hub shows no repository ${repository} ${why} (${status}): check the name at ${page}; one that is private or gated needs an HF_TOKEN that may read it`,
    );
  }
  if (status === 404)
    return new DownloadError(`the hub knows no ${repository}, or not its '${path}' (404): check the name at ${page}`);
  if (status === 206 || status === 200)
    return new UnfinishedRequest(`${endpoint} does not go on with '${path}' where it was asked to`);
  const message = `the hub at ${endpoint} answers ${status}${said === '' ? '' : ` ${said}`}: run the command again later`;
  return status === 429 || status >= 500 ? new UnfinishedRequest(message) : new DownloadError(message);
}
