import { ConfigError } from '@attune/base';
import { HubApiError, listFiles, modelInfo } from '@huggingface/hub';
import type { HubId } from '../../hub-id.ts';
import type { HubSettings } from './hub-cache.ts';

/** A file of a repository and the hash that its content must have. */
export interface HubFile {
  readonly name: string;
  readonly size: number;
  /** SHA-256 of the content of large files; for others git's: SHA-1 of `blob <size>\0` and the content. */
  readonly hash: string;
  readonly algorithm: 'sha256' | 'git';
}

/** What the hub says of a model at one revision: the commit that it stands for, and the files there. */
export interface HubRepository {
  readonly commit: string;
  readonly files: readonly HubFile[];
}

/**
 * Asks the hub which commit a revision is, and what files that commit has at its top.
 *
 * @throws ConfigError saying what the hub answered and what would help
 */
export async function lookUpRepository(id: HubId, settings: HubSettings): Promise<HubRepository> {
  const { endpoint: hubUrl, token: accessToken } = settings;
  const access = { hubUrl, ...(accessToken === undefined ? {} : { accessToken }) };
  try {
    const info = await modelInfo({ ...access, name: id.repo, revision: id.revision, additionalFields: ['sha'] });
    const files: HubFile[] = [];
    for await (const entry of listFiles({ ...access, repo: id.repo, revision: info.sha })) {
      const { type, path: name, size, lfs, oid } = entry;
      if (type !== 'file') continue;
      if (lfs !== undefined) files.push({ name, size: lfs.size, hash: lfs.oid, algorithm: 'sha256' });
      else if (oid !== undefined) files.push({ name, size, hash: oid, algorithm: 'git' });
    }
    return { commit: info.sha, files };
  } catch (error) {
    throw refusal(id, settings, error);
  }
}

function refusal({ repo, revision }: HubId, { endpoint, token }: HubSettings, error: unknown): ConfigError {
  const where = `${repo}@${revision} on ${endpoint}`;
  const { message, cause } = error as Error;
  if (!(error instanceof HubApiError)) {
    const reason = cause instanceof Error ? `${message}: ${cause.message}` : message;
    return new ConfigError(`${where}: no answer (${reason}); what is in the cache can be used with --offline`, {
      cause: error,
    });
  }
  const needsToken = token === undefined ? 'set HF_TOKEN to a token that may read it' : 'HF_TOKEN may not read it';
  const hints: Record<number, string> = {
    401: `it is private or not there; ${needsToken}`,
    403: `it asks for consent; ${needsToken}`,
    404: 'there is no such model or revision',
  };
  const hint = hints[error.statusCode] ?? message;
  return new ConfigError(`${where}: the hub answered ${error.statusCode}: ${hint}`, { cause: error });
}
