import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { hubSettings } from './hub-settings.ts';

const home = path.join(path.sep, 'home', 'ada');
const cacheOf = (environment: Record<string, string>) => hubSettings(environment, home).cache;

describe('settings of the hub', () => {
  it('are the public hub and the cache in the home folder without any variable, or with empty ones', () => {
    const usual = {
      endpoint: 'https://huggingface.co',
      token: undefined,
      cache: path.join(home, '.cache', 'huggingface', 'hub'),
      offline: false,
    };
    expect(hubSettings({}, home)).toEqual(usual);
    expect(hubSettings({ HF_HOME: '', HF_ENDPOINT: ' ', HF_TOKEN: '', HF_HUB_OFFLINE: '0' }, home)).toEqual(usual);
  });

  it("take the cache from the variables of Python's huggingface_hub, the nearest first", () => {
    expect(cacheOf({ XDG_CACHE_HOME: '/x' })).toBe(path.join('/x', 'huggingface', 'hub'));
    expect(cacheOf({ XDG_CACHE_HOME: '/x', HF_HOME: '~/hf' })).toBe(path.join(home, 'hf', 'hub'));
    expect(cacheOf({ HF_HOME: '/h', HUGGINGFACE_HUB_CACHE: '/old' })).toBe('/old');
    expect(cacheOf({ HUGGINGFACE_HUB_CACHE: '/old', HF_HUB_CACHE: '/new' })).toBe('/new');
  });

  it('take endpoint, token and offline', () => {
    const given = { HF_ENDPOINT: 'http://mirror:8080/hf/', HF_TOKEN: ' hf_abc\n', HF_HUB_OFFLINE: 'ON' };
    expect(hubSettings(given, home)).toMatchObject({
      endpoint: 'http://mirror:8080/hf',
      token: 'hf_abc',
      offline: true,
    });
  });

  it('refuse an endpoint that is no address, and a token that is none, without showing it', () => {
    expect(() => hubSettings({ HF_ENDPOINT: 'mirror' }, home)).toThrow("HF_ENDPOINT is 'mirror', but an http or https");
    expect(() => hubSettings({ HF_ENDPOINT: 'file:///etc' }, home)).toThrow('an http or https address is expected');
    const refused = () => hubSettings({ HF_TOKEN: 'secret' }, home);
    expect(refused).toThrow(
      /^HF_TOKEN is set, but a token that begins with hf_ is expected: copy it anew, or unset it$/,
    );
  });
});
