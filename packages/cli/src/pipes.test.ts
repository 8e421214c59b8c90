import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { attune } from '../test/attune.ts';
import { tinyWorld, writeExperiment } from '../test/tiny-world.ts';

let world: Awaited<ReturnType<typeof tinyWorld>>;
const at = (path: string) => join(world.folder, path);
beforeAll(async () => {
  world = await tinyWorld();
  writeExperiment(world.folder);
});
afterAll(() => world.remove());

let piped = '';
afterEach(() => {
  rmSync(piped);
  if (existsSync(`${piped}.aside`)) renameSync(`${piped}.aside`, piped);
});

/** Puts a pipe, to which nobody writes, in a file's place. */
function putPipe(path: string): void {
  piped = at(path);
  if (existsSync(piped)) renameSync(piped, `${piped}.aside`);
  mkdirSync(dirname(piped), { recursive: true });
  execFileSync('mkfifo', [piped]);
}

const run = () => ['run', at('tiny.json'), '--out', at('out')];
const vocabulary = () => ['--model', at('model'), '--data', at('lama'), '--vocabulary', at('words.txt')];

/** Opening one of these would wait for ever, in a thread that SIGTERM does not end. */
describe.skipIf(process.platform === 'win32')('a pipe in the place of', () => {
  it.each<[string, () => readonly string[]]>([
    ['tiny.json', run],
    ['tiny.ts', () => ['run', at('tiny.ts')]],
    ['model/config.json', run],
    ['model/config.json', () => ['cost', '--model', at('model')]],
    ['model/tokenizer.json', run],
    ['model/tokenizer_config.json', run],
    ['model/model.safetensors', run],
    ['data/BoolQ/train.jsonl', run],
    ['out/experiment.json', run],
    ['report/experiment.json', () => ['report', at('report')]],
    ['report/experiment.json', () => ['verify', at('report')]],
    ['out/records/stray.json', run],
    ['lama/relations.jsonl', () => ['probe', ...vocabulary()]],
    ['hardware.json', () => ['cost', '--model', at('model'), '--hardware', at('hardware.json')]],
  ])('%s is refused by name, at once', async (path, command) => {
    putPipe(path);
    const { code, stderr } = await attune(command());
    expect([code, stderr.replaceAll(/\S*attune-cli-\w+\//g, '')]).toEqual([
      2,
      expect.stringMatching(
        new RegExp(`(^|\\n)${path.replaceAll('.', '\\.')}: cannot be read: expected a file, found a pipe`),
      ),
    ]);
  });
});
