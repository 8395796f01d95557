import path from 'node:path';
import { UsageError } from '../../foundation/errors/usage-error.ts';
import { homeFolder } from '../../foundation/home-folder.ts';

/** Where the hub is, who asks it, and where its files are kept. */
export interface HubSettings {
  /** Address of the hub, without a slash at its end. */
  readonly endpoint: string;
  /** What gives access to repositories that not everybody may read. */
  readonly token: string | undefined;
  /** The folder that all programs of this machine keep files of the hub in. */
  readonly cache: string;
  /** True if nothing may be asked for: what is in the cache counts. */
  readonly offline: boolean;
}

/** Variables of the environment by their names. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The settings that Python's huggingface_hub reads from the same variables: `HF_ENDPOINT`, `HF_TOKEN`, `HF_HUB_OFFLINE`; the
 * cache is `HF_HUB_CACHE`, or `hub` in `HF_HOME`, in `$XDG_CACHE_HOME/huggingface`, in `~/.cache/huggingface`. An empty
 * variable counts as none.
 *
 * @throws UsageError if the endpoint is no http or https address, or the token does not begin with `hf_`.
 */
export function hubSettings(environment: Environment = process.env, home = homeFolder()): HubSettings {
  const given = (name: string) => environment[name]?.trim() || undefined;
  const folder = (name: string) => given(name)?.replace(/^~(?=$|[/\\])/, home);
  const caches = path.join(folder('XDG_CACHE_HOME') ?? path.join(home, '.cache'), 'huggingface');
  const offline = given('HF_HUB_OFFLINE')?.toLowerCase();
  return {
    endpoint: endpointOf(given('HF_ENDPOINT') ?? 'https://huggingface.co'),
    token: tokenOf(given('HF_TOKEN')),
    cache: folder('HF_HUB_CACHE') ?? folder('HUGGINGFACE_HUB_CACHE') ?? path.join(folder('HF_HOME') ?? caches, 'hub'),
    offline: offline !== undefined && ['1', 'true', 'yes', 'on'].includes(offline),
  };
}

function endpointOf(text: string): string {
  if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) return text.replace(/\/+$/, '');
  const expected = 'an http or https address';
  throw new UsageError(`HF_ENDPOINT is '${text}', but ${expected} is expected, as https://huggingface.co`, {
    path: 'HF_ENDPOINT',
    expected,
    value: text,
  });
}

/** The message does not have the token: it would stand in logs. */
function tokenOf(text: string | undefined): string | undefined {
  if (text === undefined || text.startsWith('hf_')) return text;
  const expected = 'a token that begins with hf_';
  throw new UsageError(`HF_TOKEN is set, but ${expected} is expected: copy it anew, or unset it`, {
    path: 'HF_TOKEN',
    expected,
  });
}
