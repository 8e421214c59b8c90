import { getHFHubCachePath, HUB_URL } from '@huggingface/hub';
import { ConfigError } from '../../errors.ts';

export interface HubSettings {
  /** HF_ENDPOINT: another hub with the same interface. */
  readonly endpoint: string;
  /** HF_TOKEN: for private and gated models. */
  readonly token?: string;
  /** HF_HUB_OFFLINE: only what the cache has. */
  readonly offline: boolean;
  /** HF_HUB_CACHE, or hub/ in HF_HOME, or ~/.cache/huggingface/hub: shared with the Python libraries. */
  readonly cacheDirectory: string;
}

const yes = /^(1|on|yes|true)$/i;

/**
 * The variables that Hugging Face's own libraries read.
 *
 * @throws ConfigError for an endpoint or a token that cannot be one
 */
export function hubSettings(env: NodeJS.ProcessEnv = process.env): HubSettings {
  const { HF_ENDPOINT: endpoint = HUB_URL, HF_TOKEN: token, HF_HUB_OFFLINE: offline = '' } = env;
  if (!URL.canParse(endpoint)) throw new ConfigError(`HF_ENDPOINT: expected a URL, got ${JSON.stringify(endpoint)}`);
  if (token !== undefined && !token.startsWith('hf_')) {
    throw new ConfigError('HF_TOKEN: expected a token that begins with hf_, got something else');
  }
  return {
    endpoint: endpoint.replace(/\/+$/, ''),
    ...(token === undefined ? {} : { token }),
    offline: yes.test(offline),
    cacheDirectory: getHFHubCachePath(),
  };
}
