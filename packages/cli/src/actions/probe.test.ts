import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeSafetensors } from '@attune/checkpoints';
import { loadModelDirectory } from '@attune/checkpoints/node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attune } from '../../test/attune.ts';
import { tinyWorld } from '../../test/tiny-world.ts';

describe('attune probe', () => {
  let world: Awaited<ReturnType<typeof tinyWorld>>;
  let facts = '';
  beforeAll(async () => {
    world = await tinyWorld();
    facts = mkdtempSync(join(tmpdir(), 'attune-facts-'));
    const jsonl = (...rows: object[]) => rows.map((row) => `${JSON.stringify(row)}\n`).join('');
    writeFileSync(join(facts, 'relations.jsonl'), jsonl({ relation: 'colour', template: 'the [X] is [Y] .' }));
    const fact = (sub_label: string, obj_label: string) => ({ sub_label, obj_label });
    writeFileSync(
      join(facts, 'colour.jsonl'),
      jsonl(fact('boat', 'red'), fact('lamp', 'old'), fact('kite', 'red'), fact('garden', 'unheard-of')),
    );
  });
  afterAll(() => {
    world.remove();
    rmSync(facts, { recursive: true });
  });

  it('tells and writes the share of facts that a model knows', async () => {
    const json = join(facts, 'probe.json');
    const { code, stdout } = await attune([
      'probe',
      '--model',
      join(world.folder, 'model'),
      '--data',
      facts,
      '--engine',
      'wasm',
      '--json',
      json,
    ]);
    expect(code).toBe(0);
    const { relations, mean, vocabularySize } = JSON.parse(readFileSync(json, 'utf8'));
    expect(relations).toEqual([expect.objectContaining({ relation: 'colour', asked: 3, leftOut: 1 })]);
    expect(relations[0].majority).toBeCloseTo(2 / 3, 12);
    expect([mean.precisionAt10, vocabularySize]).toEqual([1, 2]);
    const percent = (share: number) => (100 * share).toFixed(1);
    const cells = ({ precisionAt1, precisionAt10, meanReciprocalRank, majority }: typeof mean) =>
      [percent(precisionAt1), percent(precisionAt10), meanReciprocalRank.toFixed(3), percent(majority)].join(' ');
    const lines = stdout.split('\n').map((line) => line.replaceAll(/ {2,}/g, ' '));
    expect(lines).toEqual([
      'relation template facts P@1 P@10 MRR majority',
      `colour the [X] is [Y] . 3 of 4 ${cells(relations[0])}`,
      `mean ${cells(mean)}`,
      "Answers are sought among 2 tokens, a subject's other right objects left out.",
      '',
    ]);
  });

  it('ranks as the released code does when asked to, and refuses other names', async () => {
    const probe = (ranking: string) => {
      const asked = ['--model', join(world.folder, 'model'), '--data', facts, '--engine', 'wasm'];
      return attune(['probe', ...asked, '--ranking', ranking]);
    };
    expect((await probe('released-code')).stdout).toContain("2 tokens, a subject's other right objects among them.\n");
    expect(await probe('bordes')).toMatchObject({ code: 2, stderr: expect.stringContaining('paper, released-code') });
  });

  it('has no model by a name that every object has', async () => {
    const { code, stderr } = await attune(['probe', '--model', '__proto__', '--data', facts]);
    expect([code, stderr]).toEqual([
      2,
      expect.stringContaining('__proto__: no such folder; expected a model directory'),
    ]);
  });

  it('refuses a checkpoint without its language-model head, and says what else of one was not used', async () => {
    const { values } = await loadModelDirectory(join(world.folder, 'model'));
    const without = (pattern: RegExp) => new Map([...values].filter(([name]) => !pattern.test(name)));
    const copy = join(world.folder, 'bare');
    cpSync(join(world.folder, 'model'), copy, { recursive: true });
    const probe = () => attune(['probe', '--model', copy, '--data', facts, '--engine', 'wasm']);
    writeFileSync(join(copy, 'model.safetensors'), writeSafetensors(without(/^cls\./)));
    expect(await probe()).toEqual({
      ...{ code: 2, stdout: '' },
      stderr:
        `--model ${copy}: the checkpoint has no language-model head (5 parameters, cls.predictions.bias the first), so it ` +
        'has no answers of its own; probe a checkpoint that has one\n',
    });
    const more = new Map([...without(/pooler/), ['extra.weight', values.get('cls.predictions.bias')!]]);
    writeFileSync(join(copy, 'model.safetensors'), writeSafetensors(more));
    expect(await probe()).toMatchObject({ code: 0, stderr: 'note: not used by the model: extra.weight\n' });
  });

  it('refuses a vocabulary that cannot be read and a folder without facts', async () => {
    const probe = (...args: string[]) => attune(['probe', '--model', join(world.folder, 'model'), ...args]);
    const absent = join(facts, 'words.txt');
    expect(await probe('--data', facts, '--vocabulary', absent)).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^--vocabulary \S*words\.txt: cannot be read: ENOENT/),
    });
    expect(await probe('--data', join(world.folder, 'data'))).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/data: expected relations\.jsonl in it or in the folder above; found neither\n$/),
    });
  });
});
