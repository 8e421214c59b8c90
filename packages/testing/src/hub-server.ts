import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** The one model that the server has. */
export interface HubServerOptions {
  readonly repo: string;
  /** Content by name, all of the one commit. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly commit: string;
  /** What a request must carry as its bearer token. */
  readonly token?: string;
  /** Names of files whose hash the list gives as SHA-256, as for large files; the others' is git's. */
  readonly large?: readonly string[];
}

/** How answers go wrong; change it between requests. Those of the first three are of content. */
interface HubFaults {
  /** The next so many answers break off after half of what they should send. */
  cutOff: number;
  /** Answers are the whole file, whatever part was asked for. */
  ignoreRange: boolean;
  /** The last byte of each answer is another one. */
  spoil: boolean;
  /** The next so many answers with content stop in the middle, and nothing comes any more. */
  stall: number;
  /** The next so many answers of any kind are this status. */
  busy: { times: number; status: number; retryAfter?: string };
  /** What the model's information says instead of the commit. */
  sha?: unknown;
  /** What the list of files has instead of its entries. */
  entries?: readonly unknown[];
  /** Where the list of files says that it goes on. */
  next?: string;
}

/** A running server; close it when done. */
export interface HubServer {
  readonly endpoint: string;
  readonly faults: HubFaults;
  /** Method, path and range of each request so far. */
  readonly requests: string[];
  close(): Promise<void>;
}

/** A server on this machine that answers as the Hugging Face hub does: model information, list of files, content. */
export async function hubServer(options: HubServerOptions): Promise<HubServer> {
  const faults: HubFaults = {
    ...{ cutOff: 0, ignoreRange: false, spoil: false, stall: 0 },
    busy: { times: 0, status: 503 },
  };
  const requests: string[] = [];
  const server = createServer((request, response) => {
    const { method, url = '', headers } = request;
    requests.push([method, url.replace(/\?.*/, ''), headers.range].filter(Boolean).join(' '));
    answer(request, response, { ...options, faults });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const close = () =>
    new Promise<void>((resolve) => {
      server.closeAllConnections();
      server.close(() => resolve());
    });
  return { endpoint: `http://127.0.0.1:${port}`, faults, requests, close };
}

type Answering = HubServerOptions & { readonly faults: HubFaults };

function answer({ url = '', headers }: IncomingMessage, response: ServerResponse, hub: Answering): void {
  const { busy, next } = hub.faults;
  if (busy.times > 0) {
    busy.times--;
    const { status, retryAfter } = busy;
    response.writeHead(status, retryAfter === undefined ? {} : { 'retry-after': retryAfter }).end();
    return;
  }
  if (next !== undefined) response.setHeader('link', `<${next}>; rel="next"`);
  const path = url.replace(/\?.*/, '');
  const { repo, commit, files, token } = hub;
  const revisions = [`/api/models/${repo}/revision/main`, `/api/models/${repo}/revision/${commit}`];
  const content = files.get(decodeURIComponent(path.replace(`/${repo}/resolve/${commit}/`, '')));
  if (token !== undefined && headers.authorization !== `Bearer ${token}`) json(response, 401, { error: 'no' });
  else if (revisions.includes(path)) {
    json(response, 200, { _id: '1', id: repo, sha: 'sha' in hub.faults ? hub.faults.sha : commit });
  } else if (path === `/api/models/${repo}/tree/${commit}`) {
    json(response, 200, hub.faults.entries ?? listing(hub));
  } else if (content === undefined) json(response, 404, { error: 'Not found' });
  else send(response, content, { range: headers.range, faults: hub.faults });
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

function listing({ files, large = [] }: HubServerOptions): object[] {
  const ofFiles = [...files].map(([path, content]) => {
    const size = content.length;
    const gitHash = createHash('sha1').update(`blob ${size}\0`).update(content).digest('hex');
    const oid = createHash('sha256').update(content).digest('hex');
    return { type: 'file', path, size, oid: gitHash, ...(large.includes(path) ? { lfs: { oid, size } } : {}) };
  });
  return [{ type: 'directory', path: 'onnx', size: 0, oid: '0'.repeat(40) }, ...ofFiles];
}

interface Sending {
  readonly range: string | undefined;
  readonly faults: HubFaults;
}

function send(response: ServerResponse, content: Uint8Array, { range, faults }: Sending): void {
  const asked = /^bytes=(\d+)-$/.exec(range ?? '')?.[1];
  const isPart = asked !== undefined && !faults.ignoreRange;
  const start = isPart ? Number(asked) : 0;
  const body = Buffer.from(content.subarray(start));
  if (faults.spoil && body.length > 0) body[body.length - 1]! ^= 1;
  const contentRange = { 'content-range': `bytes ${start}-${content.length - 1}/${content.length}` };
  response.writeHead(isPart ? 206 : 200, { 'content-length': body.length, ...(isPart ? contentRange : {}) });
  if (faults.stall > 0) {
    faults.stall--;
    response.write(body.subarray(0, Math.ceil(body.length / 2)));
    return;
  }
  if (faults.cutOff === 0) {
    response.end(body);
    return;
  }
  faults.cutOff--;
  response.write(body.subarray(0, Math.ceil(body.length / 2)), () => {
    // Later, and an orderly end: a client drops what it has not read when the connection breaks.
    setTimeout(() => response.socket?.end(), 100);
  });
}
