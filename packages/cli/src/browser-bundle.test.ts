import { fileURLToPath } from 'node:url';
import { createContext, runInContext } from 'node:vm';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { trainTiny } from '../test/browser-training.ts';

/** What a worker of a page has and the packages use. `process`, `Buffer` and `setImmediate`, which are Node's, are not. */
const globalsOfWorkers = {
  WorkerGlobalScope: class {},
  ...{ atob, console, MessageChannel, performance, setTimeout, clearTimeout, TextDecoder, TextEncoder, URL },
};

/** One script for browsers of this module. Fails on an import that a browser cannot follow. */
async function bundle(contents: string): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: fileURLToPath(new URL('.', import.meta.url)), loader: 'ts' },
    bundle: true,
    write: false,
    platform: 'browser',
    format: 'iife',
    globalName: 'page',
    conditions: ['attune-source'],
    logLevel: 'silent',
  });
  return outputFiles[0]!.text;
}

/** Packages whose main entry needs no Node: their folders, under packages/, are those that imports.json lists. */
const free = [
  ...['base', 'tokenizer', 'checkpoints', 'core', 'training', 'graph', 'superglue', 'lama'],
  ...['full-fine-tuning', 'layer-freezing', 'lora', 'p-tuning', 'zero-shot'],
];

describe('without Node', () => {
  it.each(free)('a browser can load @attune/%s', async (name) => {
    const script = await bundle(`export * from '@attune/${name}'`);
    expect(script.slice(0, 40)).toContain('var page = ');
  });

  it.each(['base', 'checkpoints', 'training', 'lama', 'superglue'])('it cannot load @attune/%s/node', async (name) => {
    await expect(bundle(`export * from '@attune/${name}/node'`)).rejects.toThrow(/Could not resolve "(node:)?fs/);
  });

  it('the same training gives the same bits', async () => {
    const script = await bundle("export { trainTiny } from '../test/browser-training.ts'");
    const page = createContext({ ...globalsOfWorkers });
    const inPage: unknown = await runInContext(`self = globalThis; ${script};page.trainTiny()`, page);
    const { losses, hash } = await trainTiny();
    expect(losses).toHaveLength(3);
    expect(inPage).toEqual({ losses: Array.from(losses), hash });
  });
});
