import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attune } from '../test/attune.ts';
import { tinyWorld, writeExperiment } from '../test/tiny-world.ts';

/** Clears the screen, names the window, turns red by C1, reorders, and goes on in a line of its own. */
const hostile = '\u001b[2J\u001b]0;x\u0007\u009b31m\u202e\rfine';
/** In a file, where nobody who runs it has seen it. */
const twoLines = `${hostile}\nall is well`;
/** What JSON leaves as it is. */
const inJson = '\u009b31m\u202e\u0085\u007f';

let world: Awaited<ReturnType<typeof tinyWorld>>;
beforeAll(async () => {
  world = await tinyWorld();
});
afterAll(() => world.remove());

const at = (...names: string[]) => join(world.folder, ...names);

function rewritten(file: string, change: (text: string) => string, run: () => Promise<void>): Promise<void> {
  const text = readFileSync(file, 'utf8');
  writeFileSync(file, change(text));
  return run().finally(() => writeFileSync(file, text));
}

/** What is printed says it, and has nothing that acts. */
async function expectShown(args: readonly string[], written: string): Promise<void> {
  const { code, stdout, stderr } = await attune(args);
  expect(code).toBe(2);
  const printed = stdout + stderr;
  expect(printed).toContain(written);
  expect(printed.match(/(?!\n)[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u)).toBeNull();
  expect(printed).not.toMatch(/^all is well/m);
}

describe('what the command prints', () => {
  it.each([
    ['a task', ['--tasks', hostile]],
    ['a method', ['--methods', hostile]],
    ['a folder', ['--data', `/${hostile}`]],
    ['an option', [`--${hostile}`]],
    ['an engine', ['--engine', hostile]],
  ])('of %s that is not there', (_, args) => expectShown(['run', writeExperiment(world.folder), ...args], '\\u001b'));

  it.each([
    ['list', ['list', hostile]],
    ['report', ['report', `/${hostile}`]],
    ['verify', ['verify', `/${hostile}`]],
    ['export', ['export', hostile]],
    ['cost', ['cost', '--model', hostile]],
    ['probe', ['probe', '--model', 'mini-bert', '--data', `/${hostile}`]],
  ])('of what %s is asked for', (_, args) => expectShown(args, '\\u001b'));

  it.each([
    ['a key', { [twoLines]: 1 }, '\\u001b'],
    ['a value', { seeds: inJson }, '\\u009b'],
    ['an arm', { arms: [{ method: twoLines }] }, '\\u001b'],
    ['a label', { arms: [{ method: 'lora', label: inJson }] }, '\\u009b'],
  ])('of %s in an experiment', (_, change, written) =>
    expectShown(['run', writeExperiment(world.folder, change, 'hostile')], written),
  );

  it.each([
    ['is no JSON', () => `{"idx": ${hostile}`, '\\u001b'],
    [
      'has a wrong value',
      () => `${JSON.stringify({ idx: 0, question: 'q', passage: 'p', label: inJson })}\n`,
      '\\u009b',
    ],
  ])('of a line of data that %s', (_, change, written) =>
    rewritten(at('data', 'BoolQ', 'train.jsonl'), change, () =>
      expectShown(['run', writeExperiment(world.folder)], written),
    ),
  );

  it('of a file of an odd name and of a broken model', async () => {
    const folder = `odd\u001b[2J\u202e`;
    mkdirSync(at(folder));
    writeFileSync(at(folder, 'config.json'), `{"model_type": "bert", "hidden_size": "${inJson}"}`);
    await expectShown(['cost', '--model', at(folder)], '\\u001b');
  });
});
