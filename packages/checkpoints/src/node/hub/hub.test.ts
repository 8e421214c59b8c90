import { mkdtemp, readdir, readFile, readlink, rm, stat, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
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
    const incomplete = `${path}.incomplete`;
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
    await symlink('/dev/full', `${blob}.incomplete`);
    await expect(loadModel(repo)).rejects.toThrow(
      `${blob}.incomplete: cannot be written: ENOSPC: no space left on device, write; make room, or name another folder`,
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
    await expect(loadModel(repo)).rejects.toThrow(`the hub's list of files has "${shard}" with hash `);
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

it('goes on after an interruption that left a part of the blob', async () => {
  await serve();
  await loadModel(repo);
  const path = join(repository(), 'blobs', basename(await readlink(join(snapshot(), weights))));
  await writeFile(`${path}.incomplete`, await readFile(path));
  await truncate(`${path}.incomplete`, 1000);
  await rm(path);
  expect((await loadModel(repo)).values).toEqual(values);
  expect(downloads()).toContain(`${weights} bytes=1000-`);
});
