import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { ConfigError } from '@attune/base';
import type { HubFile } from './hub-repository.ts';

/** A file of the hub, and where its content goes. */
interface DownloadCall {
  readonly url: string;
  readonly token?: string | undefined;
  readonly file: HubFile;
  /** Where the content goes; `<path>.incomplete` until it is whole and has its hash. */
  readonly path: string;
  readonly onBytes: (receivedBytes: number) => void;
}

const attempts = 5;
const firstPauseMs = 200;

/** The connection broke; what arrived is kept. */
class CutOff extends Error {}

/**
 * Downloads a file. What an earlier call left is taken up where it ends; a connection that breaks is made again.
 *
 * @throws ConfigError when the hub refuses, the connection keeps breaking, the content has another hash or the disk is
 *   full; bytes that arrived are kept for the next call, unless their hash is wrong
 */
export async function downloadBlob(call: DownloadCall): Promise<void> {
  const { file, path, url } = call;
  const partial = `${path}.incomplete`;
  await mkdir(dirname(path), { recursive: true }).catch((error: Error) => notWritten(partial, error));
  const resumed = (await sizeOf(partial)) > 0;
  await receiveAll(call, partial);
  const actual = await contentHash(partial, file);
  if (actual === file.hash) return rename(partial, path);
  await rm(partial);
  // Bytes of an earlier call may have been spoilt since; all of them anew settle whether the hub's are.
  if (resumed) return downloadBlob(call);
  throw new ConfigError(
    `${url}: expected content with hash ${file.hash.slice(0, 12)}, got ${actual.slice(0, 12)}; it was removed`,
  );
}

async function receiveAll(call: DownloadCall, partial: string): Promise<void> {
  const { file, url } = call;
  for (let attempt = 1; ; attempt++) {
    try {
      await receive(call, partial);
      return;
    } catch (error) {
      if (!(error instanceof CutOff)) throw error;
      if (attempt === attempts) {
        throw new ConfigError(
          `${url}: the answer was cut off at byte ${await sizeOf(partial)} of ${file.size}, ${attempts} times ` +
            `(${error.message}); run again to go on from there`,
          { cause: error },
        );
      }
      await setTimeout(firstPauseMs * attempt);
    }
  }
}

/** Appends what is missing, or begins anew when the hub gives no parts of files. */
async function receive({ url, token, file, onBytes }: DownloadCall, partial: string): Promise<void> {
  let received = await sizeOf(partial);
  if (received > file.size) {
    await rm(partial);
    received = 0;
  }
  if (received === file.size && file.size > 0) return;
  const response = await request(url, { token, from: received });
  if (response.status !== 206) received = 0;
  const handle = await open(partial, received === 0 ? 'w' : 'a').catch((error: Error) => notWritten(partial, error));
  try {
    for await (const part of partsOf(response)) {
      received += part.length;
      if (received > file.size) throw new ConfigError(`${url}: expected ${file.size} bytes, got more`);
      await handle.appendFile(part).catch((error: Error) => notWritten(partial, error));
      onBytes(received);
    }
  } finally {
    await handle.close();
  }
  if (received < file.size) throw new CutOff('it ended early');
}

async function request(url: string, { token, from }: { readonly token?: string | undefined; readonly from: number }) {
  const headers = {
    // A compressed answer has no byte positions.
    'accept-encoding': 'identity',
    ...(from > 0 ? { range: `bytes=${from}-` } : {}),
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
  };
  const response = await fetch(url, { headers }).catch((error: Error) => {
    throw new CutOff(reasonOf(error), { cause: error });
  });
  const range = response.headers.get('content-range');
  if (response.ok && (response.status !== 206 || range?.startsWith(`bytes ${from}-`) === true)) return response;
  await response.body?.cancel();
  if (response.status >= 500) throw new CutOff(`the hub answered ${response.status}`);
  throw new ConfigError(`${url}: the hub answered ${response.status}${range === null ? '' : ` for ${range}`}`);
}

async function* partsOf({ body }: Response): AsyncGenerator<Uint8Array> {
  if (body === null) return;
  try {
    yield* body as unknown as AsyncIterable<Uint8Array>;
  } catch (error) {
    throw error instanceof ConfigError ? error : new CutOff(reasonOf(error as Error), { cause: error });
  }
}

function reasonOf({ message, cause }: Error): string {
  return cause instanceof Error ? `${message}: ${cause.message}` : message;
}

function notWritten(path: string, error: Error): never {
  throw new ConfigError(
    `${path}: cannot be written: ${error.message}; make room, or name another folder in HF_HUB_CACHE`,
    { cause: error },
  );
}

async function contentHash(path: string, { algorithm, size }: HubFile): Promise<string> {
  const hash: Hash = createHash(algorithm === 'git' ? 'sha1' : 'sha256');
  if (algorithm === 'git') hash.update(`blob ${size}\0`);
  for await (const part of createReadStream(path, { highWaterMark: 2 ** 20 })) hash.update(part as Buffer);
  return hash.digest('hex');
}

async function sizeOf(path: string): Promise<number> {
  return (await stat(path).catch(() => undefined))?.size ?? 0;
}
