import { type FileHandle, open, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ConfigError } from '@attune/base';
import { makeFolder, renameDurably, syncWhole, writeAll } from '@attune/base/node';
import { contentHash } from './content-hash.ts';
import type { HubFile } from './hub-repository.ts';
import { CutOff, laterText, partsOf, request, withRetries } from './hub-request.ts';

/** A file of the hub, and where its content goes. */
interface DownloadCall {
  readonly url: string;
  readonly token?: string | undefined;
  readonly file: HubFile;
  /** Where the content goes; `partialOf(path)` until it is whole and has its hash. */
  readonly path: string;
  /** After this time without a byte the connection counts as broken. */
  readonly stallMs: number;
  readonly onBytes: (receivedBytes: number) => void;
}

/** A blob that has not all arrived. The reference's `.incomplete` is another: it locks in a way that Node has not. */
function partialOf(path: string): string {
  return `${path}.attune.incomplete`;
}

/**
 * Downloads a file. What an earlier call left is taken up where it ends; a connection that breaks or stalls is made
 * again, and a busy hub asked again when it says.
 *
 * @throws ConfigError when the hub refuses, the connection keeps breaking, the content has another hash or the disk is
 *   full; bytes that arrived are kept for the next call, unless their hash is wrong
 */
export async function downloadBlob(call: DownloadCall): Promise<void> {
  const { file, path, url } = call;
  const partial = partialOf(path);
  await makeFolder(dirname(path)).catch((error: Error) => notWritten(partial, error));
  const resumed = (await sizeOf(partial)) > 0;
  await withRetries(
    () => receive(call, partial),
    async (error, tries) =>
      new ConfigError(
        `${url}: the answer was cut off at byte ${await sizeOf(partial)} of ${file.size}, ${tries} ` +
          `(${error.message}${laterText(error)}); run again to go on from there`,
        { cause: error },
      ),
  );
  const actual = await contentHash(partial, file);
  if (actual === file.hash) return renameDurably(partial, path).catch((error: Error) => notWritten(path, error));
  await rm(partial);
  // Bytes of an earlier call may have been spoilt since; all of them anew settle whether the hub's are.
  if (resumed) return downloadBlob(call);
  throw new ConfigError(
    `${url}: expected content with hash ${file.hash.slice(0, 12)}, got ${actual.slice(0, 12)}; it was removed`,
  );
}

/** Appends what is missing, or begins anew when the hub gives no parts of files. */
async function receive(call: DownloadCall, partial: string): Promise<void> {
  const { file } = call;
  let received = await sizeOf(partial);
  if (received > file.size) {
    await rm(partial);
    received = 0;
  }
  if (received === file.size && file.size > 0) return;
  const response = await ask(call, received);
  if (response.status !== 206) received = 0;
  const handle = await open(partial, received === 0 ? 'w' : 'a').catch((error: Error) => notWritten(partial, error));
  try {
    received = await append(call, { response, handle, partial, received });
    await syncWhole(handle, received).catch((error: Error) => notWritten(partial, error));
  } finally {
    await handle.close();
  }
  if (received < file.size) throw new CutOff('it ended early');
}

interface Appending {
  readonly response: Response;
  readonly handle: FileHandle;
  readonly partial: string;
  readonly received: number;
}

/** @returns bytes that have arrived in all */
async function append({ url, file, stallMs, onBytes }: DownloadCall, call: Appending): Promise<number> {
  const { response, handle, partial } = call;
  let { received } = call;
  for await (const part of partsOf(response, stallMs)) {
    received += part.length;
    if (received > file.size) throw new ConfigError(`${url}: expected ${file.size} bytes, got more`);
    await writeAll(handle, part).catch((error: Error) => notWritten(partial, error));
    onBytes(received);
  }
  return received;
}

async function ask({ url, token, stallMs }: DownloadCall, from: number): Promise<Response> {
  const headers = {
    // A compressed answer has no byte positions.
    'accept-encoding': 'identity',
    ...(from > 0 ? { range: `bytes=${from}-` } : {}),
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
  };
  const response = await request(url, headers, stallMs);
  const range = response.headers.get('content-range');
  if (response.ok && (response.status !== 206 || range?.startsWith(`bytes ${from}-`) === true)) return response;
  await response.body?.cancel();
  throw new ConfigError(`${url}: the hub answered ${response.status}${range === null ? '' : ` for ${range}`}`);
}

function notWritten(path: string, error: Error): never {
  throw new ConfigError(
    `${path}: cannot be written: ${error.message}; make room, or name another folder in HF_HUB_CACHE`,
    { cause: error },
  );
}

async function sizeOf(path: string): Promise<number> {
  return (await stat(path).catch(() => undefined))?.size ?? 0;
}
