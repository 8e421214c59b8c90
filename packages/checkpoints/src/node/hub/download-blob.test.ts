import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { downloadBlob } from './download-blob.ts';

/** Pauses between attempts, not waited for. */
const pauses = vi.hoisted(() => [] as number[]);
vi.mock('node:timers/promises', () => ({
  setTimeout: async (ms: number) => {
    pauses.push(ms);
  },
}));

const content = Buffer.from('weights of a small model');
const file = { size: content.length, hash: createHash('sha256').update(content).digest('hex'), algorithm: 'sha256' };

let server: Server;
let url = '';
let folder = '';
let path = '';
let requests: IncomingMessage[] = [];
/** Answers in turn; the last one again and again. */
let answers: RequestListener[] = [];

beforeAll(async () => {
  server = createServer((request, response) => {
    requests.push(request);
    const answer = answers.length > 1 ? answers.shift()! : answers[0]!;
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/weights`;
});
afterAll(() => server.close());
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'attune-blob-'));
  path = join(folder, 'blobs', 'abc');
  [requests, answers] = [[], []];
  pauses.length = 0;
  return () => rm(folder, { recursive: true });
});

const whole: RequestListener = (_, response) => response.writeHead(200).end(content);
const status =
  (code: number, headers: Record<string, string> = {}): RequestListener =>
  (_, response) =>
    response.writeHead(code, headers).end();
/** Says that the whole comes, and breaks off when some bytes of it are kept. */
const broken =
  (bytes: number): RequestListener =>
  (_, response) => {
    response.writeHead(200, { 'content-length': content.length });
    response.write(content.subarray(0, bytes));
    const kept = () => (existsSync(`${path}.attune.incomplete`) ? statSync(`${path}.attune.incomplete`).size : 0);
    const watch = setInterval(() => {
      if (kept() < bytes) return;
      clearInterval(watch);
      response.destroy();
    }, 5);
  };
const rest: RequestListener = ({ headers }, response) => {
  const from = Number(/^bytes=(\d+)-$/.exec(headers.range ?? '')?.[1] ?? 0);
  response.writeHead(206, { 'content-range': `bytes ${from}-${content.length - 1}/${content.length}` });
  response.end(content.subarray(from));
};

const received: number[] = [];
const download = (change: object = {}) =>
  downloadBlob({
    url,
    file: { ...file, ...change } as never,
    path,
    stallMs: 300,
    onBytes: (bytes) => received.push(bytes),
  });

describe('downloadBlob', () => {
  it('asks for the bytes as they are, with the token, and tells what has arrived', async () => {
    answers = [whole];
    received.length = 0;
    await downloadBlob({
      url,
      token: 'hf_x',
      file: file as never,
      path,
      stallMs: 300,
      onBytes: (bytes) => received.push(bytes),
    });
    expect(readFileSync(path)).toEqual(content);
    expect(existsSync(`${path}.attune.incomplete`)).toBe(false);
    expect(requests[0]!.headers).toMatchObject({ 'accept-encoding': 'identity', authorization: 'Bearer hf_x' });
    expect(requests[0]!.headers.range).toBeUndefined();
    expect(received.at(-1)).toBe(content.length);
  });

  it('checks small files by their hash in git', async () => {
    answers = [whole];
    const hash = createHash('sha1').update(`blob ${content.length}\0`).update(content).digest('hex');
    await download({ hash, algorithm: 'git' });
    expect(readFileSync(path)).toEqual(content);
  });

  it('goes on after errors of the hub and broken connections, waiting longer each time', async () => {
    answers = [status(503), broken(10), rest];
    await download();
    expect(readFileSync(path)).toEqual(content);
    expect(pauses).toEqual([200, 400]);
    expect(requests.map(({ headers }) => headers.range)).toEqual([undefined, undefined, 'bytes=10-']);
  });

  it('gives up after five broken attempts, and says how to go on', async () => {
    answers = [status(502)];
    await expect(download()).rejects.toMatchObject({
      name: 'ConfigError',
      message:
        `${url}: the answer was cut off at byte 0 of ${content.length}, 5 times (the hub answered 502); ` +
        'run again to go on from there',
    });
    expect(pauses).toEqual([200, 400, 600, 800]);
  });

  it.each<[string, RequestListener, () => string]>([
    ['what the hub refuses', status(403), () => `${url}: the hub answered 403`],
    [
      'more bytes than the file has',
      (_, response) => response.writeHead(200).end(Buffer.concat([content, content])),
      () => `${url}: expected ${content.length} bytes, got more`,
    ],
    [
      'other content, which is removed',
      (_, response) => response.writeHead(200).end(Buffer.alloc(content.length)),
      () =>
        `${url}: expected content with hash ${file.hash.slice(0, 12)}, got ` +
        `${createHash('sha256').update(Buffer.alloc(content.length)).digest('hex').slice(0, 12)}; it was removed`,
    ],
  ])('refuses %s, at once', async (_, answer, message) => {
    answers = [answer];
    await expect(download()).rejects.toMatchObject({ name: 'ConfigError', message: message() });
    expect([pauses.length, existsSync(path)]).toEqual([0, false]);
  });

  it('refuses a part that is another than it asked for', async () => {
    answers = [broken(10), status(206, { 'content-range': 'bytes 3-9/24' })];
    await expect(download()).rejects.toThrow(`${url}: the hub answered 206 for bytes 3-9/24`);
  });

  it('says where it cannot write, and what would help', async () => {
    answers = [whole];
    await writeFile(join(folder, 'blobs'), '');
    await expect(download()).rejects.toMatchObject({
      name: 'ConfigError',
      message: expect.stringMatching(
        /blobs\/abc\.attune\.incomplete: cannot be written: EEXIST.*; make room, or name another folder in HF_HUB_CACHE$/,
      ),
    });
    await rm(join(folder, 'blobs'));
    path = join(folder, 'x'.repeat(250));
    await expect(download()).rejects.toMatchObject({
      name: 'ConfigError',
      message: expect.stringMatching(
        /x\.attune\.incomplete: cannot be written: ENAMETOOLONG.*; make room, or name another folder in HF_HUB_CACHE$/,
      ),
    });
  });
});
