import { spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, readlink, rm, stat, symlink, truncate, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';
import { type HubServer, type HubServerOptions, hubServer, tinyBert } from '@attune/testing';
import { wordPieceTokenizerJson } from '@attune/tokenizer';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { parseHubId } from '../../hub-id.ts';
import { loadModel, locateModel } from '../load-model.ts';
import { saveModelDirectory } from '../save-model-directory.ts';
import { hubSettings } from './hub-cache.ts';

const repo = 'someone/tiny-bert';
const commit = 'c0ffee'.padEnd(40, '0');
const weights = 'model.safetensors';
const { values, config } = tinyBert();
const saved = { config, values, tokenizerFiles: { tokenizer: wordPieceTokenizerJson(['a', 'b', 'c']) } };

let folder = '';
const actualFetch = globalThis.fetch;
let server: HubServer;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hub-'));
  vi.stubEnv('HF_HUB_CACHE', join(folder, 'cache'));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await server?.close();
  await rm(folder, { recursive: true });
});

async function serve(options: Partial<HubServerOptions> = {}, maxShardBytes = 1e9): Promise<void> {
  const directory = join(folder, 'original');
  await saveModelDirectory(directory, saved, { maxShardBytes });
  const names = await readdir(directory);
  const files = new Map(
    await Promise.all(names.map(async (name) => [name, await readFile(join(directory, name))] as const)),
  );
  server = await hubServer({ repo, commit, files, large: [weights], ...options });
  vi.stubEnv('HF_ENDPOINT', server.endpoint);
}

const repository = () => join(folder, 'cache', 'models--someone--tiny-bert');
const snapshot = () => join(repository(), 'snapshots', commit);
const blobs = () => readdir(join(repository(), 'blobs'));
/** Requests of content. */
const downloads = () =>
  server.requests.filter((line) => line.includes('/resolve/')).map((line) => line.replace(/.*\//, ''));

describe('an id of the hub', () => {
  it.each([
    ['owner/name', { repo: 'owner/name', revision: 'main' }],
    ['owner/na.me_1@refs/pr/2', { repo: 'owner/na.me_1', revision: 'refs/pr/2' }],
    ['name', undefined],
    ['./owner/name', undefined],
    ['owner/name/more', undefined],
    ['owner/..', undefined],
    ['owner/name@../../x', undefined],
    ['/owner/name', undefined],
  ])('%s', (text, id) => expect(parseHubId(text)).toEqual(id));

  it('is pinned to a commit and cached as the Python libraries do', async () => {
    await serve();
    const loaded = await loadModel(repo);
    expect(loaded.values).toEqual(values);
    expect(loaded.hub).toEqual({ repo, revision: 'main', commit });
    expect(loaded.notes).toEqual([`${repo} at commit ${commit}`]);
    expect(await readFile(join(repository(), 'refs', 'main'), 'utf8')).toBe(commit);
    expect((await readdir(snapshot())).sort()).toEqual(['config.json', 'model.safetensors', 'tokenizer.json']);
    expect(await readlink(join(snapshot(), weights))).toMatch(/^\.\.\/\.\.\/blobs\/[0-9a-f]{64}$/);
    expect(await readlink(join(snapshot(), 'config.json'))).toMatch(/^\.\.\/\.\.\/blobs\/[0-9a-f]{40}$/);
  });

  it('is downloaded once; a commit needs no connection, nor does going offline', async () => {
    await serve();
    await loadModel(repo);
    await loadModel(repo);
    expect(downloads()).toEqual(['config.json', 'tokenizer.json', weights]);
    const before = server.requests.length;
    expect((await loadModel(`${repo}@${commit}`)).values).toEqual(values);
    vi.stubEnv('HF_HUB_OFFLINE', '1');
    expect((await loadModel(repo)).values).toEqual(values);
    expect(server.requests.length).toBe(before);
  });

  it('may be in shards', async () => {
    await serve({}, 12_000);
    expect((await loadModel(repo)).values).toEqual(values);
    expect(downloads()).toContain('model-00003-of-00003.safetensors');
  });

  it('costs only its configuration where no weights are needed, and the rest later', async () => {
    await serve();
    const { directory } = await locateModel(repo, { parts: 'config' });
    expect(await readdir(directory)).toEqual(['config.json']);
    expect((await loadModel(repo)).values).toEqual(values);
  });

  it('gives way to a directory of that name', async () => {
    await serve();
    await saveModelDirectory(join(folder, repo), saved);
    expect(await locateModel(repo, { baseDirectory: folder })).toEqual({ directory: join(folder, repo) });
    expect(server.requests).toEqual([]);
  });

  it('tells of every part that arrives', async () => {
    await serve();
    const seen: string[] = [];
    await loadModel(repo, {
      onProgress: ({ file, receivedBytes, totalBytes }) => {
        if (receivedBytes === totalBytes) seen.push(file);
      },
    });
    expect(seen).toEqual(['config.json', 'tokenizer.json', weights]);
  });
});

describe('a connection that breaks', () => {
  it('is made again where it broke', async () => {
    await serve();
    server.faults.cutOff = 3;
    expect((await loadModel(repo)).values).toEqual(values);
    expect(downloads().filter((line) => line.includes('bytes=')).length).toBe(3);
  });

  it('for good leaves what arrived, from which the next call goes on', async () => {
    await serve();
    await locateModel(repo, { parts: 'config' });
    server.faults.cutOff = 100;
    const size = (await stat(join(folder, 'original', 'tokenizer.json'))).size;
    await expect(loadModel(repo)).rejects.toThrow(
      new RegExp(
        `/tokenizer.json: the answer was cut off at byte \\d+ of ${size}, 5 times \\(.*\\); run again to go on`,
      ),
    );
    const [incomplete] = (await blobs()).filter((name) => name.endsWith('.incomplete'));
    const kept = (await stat(join(repository(), 'blobs', incomplete!))).size;
    expect(kept).toBeGreaterThan(size * 0.9);
    server.faults.cutOff = 0;
    expect((await loadModel(repo)).values).toEqual(values);
    expect(downloads()).toContain(`tokenizer.json bytes=${kept}-`);
    expect((await blobs()).some((name) => name.endsWith('.incomplete'))).toBe(false);
  }, 30_000);

  it('begins anew with a hub that gives no parts of files', async () => {
    await serve();
    server.faults.cutOff = 1;
    server.faults.ignoreRange = true;
    expect((await loadModel(repo)).values).toEqual(values);
  });

  it('begins anew when what was kept is spoilt, or is too much', async () => {
    await serve();
    await loadModel(repo);
    const blob = basename(await readlink(join(snapshot(), weights)));
    const path = join(repository(), 'blobs', blob);
    const incomplete = `${path}.attune.incomplete`;
    for (const spoilt of [Buffer.alloc(100, 1), Buffer.concat([await readFile(path), Buffer.alloc(9)])]) {
      await rm(path);
      await writeFile(incomplete, spoilt);
      expect((await loadModel(repo)).values).toEqual(values);
    }
  });
});

describe('refused', () => {
  it('content with another hash, which is removed', async () => {
    await serve();
    await locateModel(repo, { parts: 'config' });
    server.faults.spoil = true;
    await expect(loadModel(repo)).rejects.toThrow(
      /\/tokenizer.json: expected content with hash \w{12}, got \w{12}; it was removed$/,
    );
    expect((await blobs()).length).toBe(1);
  });

  it('a full disk', async () => {
    await serve();
    await loadModel(repo);
    const blob = join(repository(), 'blobs', basename(await readlink(join(snapshot(), weights))));
    await rm(blob);
    // Every write to this device fails as on a full disk.
    await symlink('/dev/full', `${blob}.attune.incomplete`);
    await expect(loadModel(repo)).rejects.toThrow(
      `${blob}.attune.incomplete: cannot be written: ENOSPC: no space left on device, write; make room, or name another folder`,
    );
  });

  it('a token that is missing, and what is not there', async () => {
    await serve({ token: 'hf_secret' });
    await expect(loadModel(repo)).rejects.toThrow(
      `${repo}@main on ${server.endpoint}: the hub answered 401: it is private or not there; set HF_TOKEN to a token`,
    );
    vi.stubEnv('HF_TOKEN', 'hf_secret');
    expect((await loadModel(repo)).values).toEqual(values);
    await expect(loadModel('someone/other')).rejects.toThrow(
      'the hub answered 404: there is no such model or revision',
    );
  });

  it('a repository without weights or configuration', async () => {
    await serve({ files: new Map([['config.json', Buffer.from('{}')]]) });
    await expect(loadModel(repo)).rejects.toThrow(
      `${repo}@${commit} on ${server.endpoint}: no weights; it has config.json`,
    );
  });

  it('names that leave the cache', async () => {
    const shard = '../../../../outside.safetensors';
    const index = Buffer.from(JSON.stringify({ weight_map: { x: shard } }));
    await serve({
      files: new Map([
        ['model.safetensors.index.json', index],
        [shard, Buffer.from('x')],
      ]),
    });
    await expect(loadModel(repo)).rejects.toThrow(`no "${shard}"; it has model.safetensors.index.json`);
    expect(await readdir(folder)).toEqual(['cache', 'original']);
  });

  it('no connection, or offline with nothing cached', async () => {
    await serve();
    vi.stubEnv('HF_HUB_OFFLINE', 'true');
    await expect(loadModel(repo)).rejects.toThrow(
      `${repo}@main: not in the cache (${join(folder, 'cache')}), and this is offline`,
    );
    vi.stubEnv('HF_HUB_OFFLINE', '0');
    await server.close();
    await expect(loadModel(repo)).rejects.toThrow(
      new RegExp(
        `${repo}@main on ${server.endpoint}: no answer \\(.*ECONNREFUSED.*\\); what is in the cache can be used`,
      ),
    );
  });

  it('a snapshot with a part missing, offline', async () => {
    await serve();
    await loadModel(repo);
    await rm(join(repository(), 'blobs', basename(await readlink(join(snapshot(), weights)))));
    vi.stubEnv('HF_HUB_OFFLINE', '1');
    await expect(loadModel(repo)).rejects.toThrow(
      `${repo}@main: the cache has only a part of commit ${commit} (${join(folder, 'cache')}), and this is offline`,
    );
  });

  it('a directory that is not there', async () => {
    await expect(loadModel('./nowhere')).rejects.toThrow(
      /nowhere: no such folder; expected a model directory, or an id of the hub: owner\/name$/,
    );
  });

  it('variables that cannot be meant', () => {
    expect(() => hubSettings({ HF_ENDPOINT: 'hub' })).toThrow('HF_ENDPOINT: expected a URL, got "hub"');
    expect(() => hubSettings({ HF_TOKEN: 'secret' })).toThrow('HF_TOKEN: expected a token that begins with hf_');
  });
});

describe('what the hub answers is checked', () => {
  const { sha256, gitHash } = { sha256: 'a'.repeat(64), gitHash: 'b'.repeat(40) };
  const entry = { type: 'file', path: 'config.json', size: 2, oid: gitHash };

  it.each<[string, unknown, string]>([
    ['a way out of the cache', '../../../../X', '"../../../../X"'],
    ['none', undefined, 'none'],
    ['escape characters', '\u001b[31m', String.raw`"\u001b[31m"`],
    ['a number', 7, '7'],
  ])('a commit that is %s', async (_, sha, shown) => {
    await serve();
    server.faults.sha = sha;
    await expect(loadModel(repo)).rejects.toThrow(
      `${repo}@main on ${server.endpoint}: expected a commit, 40 hexadecimal digits, the hub answered ${shown}`,
    );
    expect(await readdir(folder)).toEqual(['original']);
  });

  it('another commit than the one that was asked for', async () => {
    await serve();
    server.faults.sha = 'f'.repeat(40);
    await expect(loadModel(`${repo}@${commit}`)).rejects.toThrow('expected that commit, the hub answered "ffff');
  });

  it.each<[string, unknown]>([
    ['a negative size', { ...entry, size: -1 }],
    ['a size that is no whole number', { ...entry, size: 0.5 }],
    ['a large file with a negative size', { ...entry, lfs: { oid: sha256, size: -1 } }],
    ['a hash that is a path', { ...entry, oid: '../../../x' }],
    ['a hash of another length', { ...entry, lfs: { oid: gitHash, size: 2 } }],
    ['no name', { ...entry, path: undefined }],
    ['nothing', null],
  ])('a list of files with %s', async (_, wrong) => {
    await serve();
    server.faults.entries = [wrong];
    await expect(loadModel(repo)).rejects.toMatchObject({
      name: 'ConfigError',
      message: expect.stringMatching(/the hub's list of files has .*; expected type, path, size and hash of each$/),
    });
    expect(await readdir(folder)).toEqual(['original']);
  });

  it('names that no file of a checkpoint has, which are left out', async () => {
    await serve();
    server.faults.entries = ['..', 'a/b', 'a\\b', '\u001b[2J', '', '/etc/x'].map((path) => ({ ...entry, path }));
    await expect(loadModel(repo)).rejects.toThrow(/: no weights; it has $/);
  });

  it.each<[string, unknown]>([
    ['no list', {}],
    ['no JSON', undefined],
  ])('%s at all', async (_, entries) => {
    await serve();
    server.faults.entries = entries as never;
    if (entries === undefined) server.faults.busy = { times: 1, status: 200 };
    await expect(loadModel(repo)).rejects.toMatchObject({
      name: 'ConfigError',
      message: expect.stringMatching(/: an answer that is none of a hub's \(.*\)$/),
    });
  });

  it('a list that goes on at another host, which is not told the token', async () => {
    await serve({ token: 'hf_secret' });
    vi.stubEnv('HF_TOKEN', 'hf_secret');
    const foreign = await hubServer({ repo, commit, files: new Map() });
    const told: (string | undefined)[] = [];
    const asked = vi.spyOn(globalThis, 'fetch').mockImplementation(async (input, init) => {
      if (String(input).startsWith(foreign.endpoint)) {
        told.push(new Headers(init?.headers).get('authorization') ?? undefined);
        delete server.faults.next;
      }
      return actualFetch(input, init);
    });
    server.faults.next = `${foreign.endpoint}/api/models/${repo}/tree/${commit}`;
    expect((await loadModel(repo)).values).toEqual(values);
    expect(told).toEqual([undefined]);
    asked.mockRestore();
    await foreign.close();
  });

  it('a list without an end', async () => {
    await serve();
    server.faults.next = `${server.endpoint}/api/models/${repo}/tree/${commit}`;
    await expect(loadModel(repo)).rejects.toThrow("the hub's list of files has no end: it goes on at ");
  });
});

describe('downloads of one model at once', () => {
  it('wait for each other within a process, say so, and fetch each file once', async () => {
    await serve();
    const waits: string[] = [];
    const load = () =>
      loadModel(repo, {
        onProgress: ({ file, waitingFor }) => {
          if (waitingFor !== undefined) waits.push(`${file}: ${waitingFor}`);
        },
      });
    for (const loaded of await Promise.all([load(), load(), load()])) expect(loaded.values).toEqual(values);
    expect(downloads().sort()).toEqual(['config.json', weights, 'tokenizer.json']);
    expect(waits[0]).toMatch(new RegExp(`: process ${process.pid} on `));
  });

  it('share the cache between processes, also when one is killed', async () => {
    await serve();
    // The first stops in the middle of the weights, and holds them until it is killed.
    await locateModel(repo, { parts: 'config' });
    server.faults.stall = 1;
    const [first, second, third] = [fetchInProcess(), fetchInProcess(), fetchInProcess()];
    await vi.waitFor(() => expect(server.faults.stall).toBe(0), 20_000);
    const holder = await vi.waitFor(async () => {
      const locks = join(folder, 'cache', '.locks', basename(repository()));
      const [name] = await readdir(locks);
      return JSON.parse(await readFile(join(locks, name!), 'utf8')) as { readonly pid: number };
    });
    process.kill(holder.pid, 'SIGKILL');
    const outcomes = await Promise.all([first, second, third]);
    expect(outcomes.sort()).toEqual(['SIGKILL', snapshot(), snapshot()].sort());
    expect((await loadModel(repo)).values).toEqual(values);
    expect((await blobs()).some((name) => name.endsWith('.incomplete'))).toBe(false);
  }, 60_000);
});

/** `locateModel` in a process of its own: what it prints, or the signal that ended it. */
function fetchInProcess(): Promise<string> {
  const loader = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
  const source = JSON.stringify(new URL('../load-model.ts', import.meta.url).href);
  const script = `import { locateModel } from ${source};\nconsole.log((await locateModel('${repo}')).directory);`;
  const options = ['--conditions=attune-source', '--import', loader, '--input-type=module', '--eval', script];
  const child = spawn(process.execPath, options, { stdio: ['ignore', 'pipe', 'inherit'] });
  const printed = text(child.stdout);
  return new Promise((resolve) => {
    child.on('close', async (_, signal) => resolve(signal ?? (await printed).trim()));
  });
}

describe('a hub that is busy', () => {
  it.each([429, 500, 503])('and answers %i is asked again, for its lists and its files', async (status) => {
    await serve();
    server.faults.busy = { times: 2, status };
    await locateModel(repo, { parts: 'config' });
    const [first] = server.requests;
    expect(server.requests.filter((line) => line === first)).toHaveLength(3);
    server.faults.busy = { times: 0, status };
    const answering = loadModel(repo, {
      onProgress: ({ file, receivedBytes, totalBytes }) => {
        if (file === 'tokenizer.json' && receivedBytes === totalBytes) server.faults.busy.times = 1;
      },
    });
    expect((await answering).values).toEqual(values);
    expect(downloads().filter((line) => line === weights)).toHaveLength(2);
  });

  it.each([
    ['seconds', () => '1'],
    ['a date', () => new Date(Date.now() + 2000).toUTCString()],
  ])('is left alone as long as it asks, in %s', async (_, retryAfter) => {
    await serve();
    server.faults.busy = { times: 1, status: 429, retryAfter: retryAfter() };
    const started = performance.now();
    await locateModel(repo, { parts: 'config' });
    expect(performance.now() - started).toBeGreaterThan(900);
  });

  it('for an hour is told to the user', async () => {
    await serve();
    server.faults.busy = { times: 1, status: 429, retryAfter: '3600' };
    await expect(loadModel(repo)).rejects.toThrow(
      `${repo}@main on ${server.endpoint}: no answer (the hub answered 429, once; it asks to come back in 3600 s); ` +
        'what is in the cache can be used with --offline',
    );
  });
});

it('takes up a download that stalls, after a time of its own', async () => {
  vi.stubEnv('HF_HUB_DOWNLOAD_TIMEOUT', '0.3');
  await serve();
  server.faults.stall = 2;
  expect((await loadModel(repo)).values).toEqual(values);
  expect(downloads().filter((line) => line.includes('bytes='))).toHaveLength(2);
});

describe('a blob whose bits flipped', () => {
  /** In place, and with the times that it had: nothing but its content tells. */
  async function flip(name: string): Promise<string> {
    const path = join(repository(), 'blobs', basename(await readlink(join(snapshot(), name))));
    const bytes = await readFile(path);
    bytes[bytes.length - 1]! ^= 1;
    await rm(path);
    await writeFile(path, bytes);
    return path;
  }

  it.each([weights, 'config.json'])('of %s is downloaded again', async (name) => {
    await serve();
    await loadModel(repo);
    await flip(name);
    for (const id of [repo, `${repo}@${commit}`]) expect((await loadModel(id)).values).toEqual(values);
    expect(downloads().filter((line) => line === name)).toHaveLength(2);
  });

  it('is told where it cannot be', async () => {
    await serve();
    await loadModel(repo);
    const path = await flip(weights);
    vi.stubEnv('HF_HUB_OFFLINE', '1');
    await expect(loadModel(repo)).rejects.toThrow(
      `${repo}@main: ${path}: the content is not what its name says: it was damaged in the cache, and this is offline`,
    );
  });
});

it('goes on after an interruption that left a part of the blob', async () => {
  await serve();
  await loadModel(repo);
  const path = join(repository(), 'blobs', basename(await readlink(join(snapshot(), weights))));
  await writeFile(`${path}.attune.incomplete`, await readFile(path));
  await truncate(`${path}.attune.incomplete`, 1000);
  await rm(path);
  expect((await loadModel(repo)).values).toEqual(values);
  expect(downloads()).toContain(`${weights} bytes=1000-`);
});
