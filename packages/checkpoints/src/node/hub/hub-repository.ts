import { ConfigError } from '@attune/base';
import { HubApiError, listFiles, modelInfo } from '@huggingface/hub';
import { z } from 'zod';
import { type HubId, isCommit } from '../../hub-id.ts';
import { blobName, type HubSettings } from './hub-cache.ts';
import { laterText, partsOf, reasonOf, request, withRetries } from './hub-request.ts';

/** A file of a repository and the hash that its content must have. */
export interface HubFile {
  /** A name alone, without folders. */
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

/** Of the list of files. */
const maxPages = 1000;
const maxAnswerBytes = 2 ** 27;

const sizeSchema = z.int().nonnegative();
const entrySchema = z.object({
  type: z.string(),
  path: z.string(),
  size: sizeSchema,
  oid: z.string().regex(blobName),
  lfs: z.object({ oid: z.string().regex(/^[0-9a-f]{64}$/), size: sizeSchema }).optional(),
});

/** Neither a path nor a name that a terminal or a file system takes for something else. */
const plainName = /^(?!\.{1,2}$)[^/\\\p{Cc}]+$/u;

/**
 * Asks the hub which commit a revision is, and what files that commit has at its top. What it answers becomes names of
 * folders and files, so all of it is checked; files in folders are left out.
 *
 * @throws ConfigError saying what the hub answered and what would help
 */
export async function lookUpRepository(id: HubId, settings: HubSettings): Promise<HubRepository> {
  const { endpoint: hubUrl, token: accessToken } = settings;
  const where = `${id.repo}@${id.revision} on ${hubUrl}`;
  const access = {
    ...{ hubUrl, fetch: lookUpFetch(settings, where) },
    ...(accessToken === undefined ? {} : { accessToken }),
  };
  try {
    const info = await modelInfo({ ...access, name: id.repo, revision: id.revision, additionalFields: ['sha'] });
    const commit = checkedCommit(id, info.sha, where);
    const files: HubFile[] = [];
    for await (const entry of listFiles({ ...access, repo: id.repo, revision: commit })) {
      const file = checkedFile(entry, where);
      if (file !== undefined) files.push(file);
    }
    return { commit, files };
  } catch (error) {
    throw error instanceof ConfigError ? error : refusal(settings, where, error);
  }
}

function checkedCommit({ revision }: HubId, sha: unknown, where: string): string {
  const commit = typeof sha === 'string' && isCommit(sha) ? sha : undefined;
  if (commit !== undefined && (!isCommit(revision) || revision === commit)) return commit;
  const expected = isCommit(revision) ? 'that commit' : 'a commit, 40 hexadecimal digits';
  throw new ConfigError(`${where}: expected ${expected}, the hub answered ${JSON.stringify(sha) ?? 'none'}`);
}

/** Undefined for a folder, and for a file that no checkpoint has at its top. */
function checkedFile(entry: unknown, where: string): HubFile | undefined {
  const { success, data } = entrySchema.safeParse(entry);
  if (!success) {
    const shown = JSON.stringify(entry)?.slice(0, 200);
    throw new ConfigError(`${where}: the hub's list of files has ${shown}; expected type, path, size and hash of each`);
  }
  const { type, path: name, lfs, size, oid } = data;
  if (type !== 'file' || !plainName.test(name)) return undefined;
  if (lfs !== undefined) return { name, size: lfs.size, hash: lfs.oid, algorithm: 'sha256' };
  return { name, size, hash: oid, algorithm: 'git' };
}

/**
 * `fetch` for answers that are read whole. Busy hubs and broken connections are tried again. The token is for the hub
 * alone: the list of files may say that it goes on at another host.
 */
function lookUpFetch({ endpoint, stallMs }: HubSettings, where: string): typeof fetch {
  const asked = new Set<string>();
  return async (input, init) => {
    const url = String(input);
    if (asked.has(url) || asked.size > maxPages) {
      throw new ConfigError(`${where}: the hub's list of files has no end: it goes on at ${JSON.stringify(url)}`);
    }
    asked.add(url);
    const headers = new Headers(init?.headers);
    if (new URL(url).origin !== new URL(endpoint).origin) headers.delete('authorization');
    return withRetries(
      async () => wholeAnswer(await request(url, headers, stallMs), stallMs),
      (error, tries) =>
        new ConfigError(
          `${where}: no answer (${error.message}, ${tries}${laterText(error)}); what is in the cache can be used with ` +
            '--offline',
          { cause: error },
        ),
    );
  };
}

async function wholeAnswer(response: Response, stallMs: number): Promise<Response> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of partsOf(response, stallMs)) {
    bytes += part.length;
    if (bytes > maxAnswerBytes)
      throw new ConfigError(`${response.url}: the answer is longer than ${maxAnswerBytes} bytes`);
    parts.push(part);
  }
  const { status, headers } = response;
  return new Response(parts.length === 0 ? null : Buffer.concat(parts), { status, headers });
}

function refusal({ token }: HubSettings, where: string, error: unknown): ConfigError {
  if (!(error instanceof HubApiError)) {
    return new ConfigError(`${where}: an answer that is none of a hub's (${reasonOf(error as Error)})`, {
      cause: error,
    });
  }
  const needsToken = token === undefined ? 'set HF_TOKEN to a token that may read it' : 'HF_TOKEN may not read it';
  const hints: Record<number, string> = {
    401: `it is private or not there; ${needsToken}`,
    403: `it asks for consent; ${needsToken}`,
    404: 'there is no such model or revision',
  };
  const hint = hints[error.statusCode] ?? error.message;
  return new ConfigError(`${where}: the hub answered ${error.statusCode}: ${hint}`, { cause: error });
}
