import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { type ExperimentRecord, sealed } from '@attune/records';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attune, readAllRecords } from '../test/attune.ts';
import { tinyWorld } from '../test/tiny-world.ts';

/** A task in a file of its own, beside the experiment that imports it: yes or no, by one word of the vocabulary. */
const taskText = `
const labels = ['yes', 'no'];
const score = (rows, predictions) => {
  const right = rows.filter((row, index) => predictions[index].predicted === row.answer);
  return { accuracy: right.length / rows.length };
};

export const colours = {
  name: 'colours', version: 1, directory: 'Colours', formulations: ['cloze'], patterns: {},
  exampleRow: { text: 'the boat is red', answer: 'yes' },
  metrics: [{ name: 'accuracy', measure: (rows, predictions) => score(rows, predictions).accuracy }],
  parseRows: (bytes) => new TextDecoder().decode(bytes).trim().split('\\n').map((line) => JSON.parse(line)),
  formulate: ({ rows, tokenizer }) => {
    const { cls, sep, mask } = tokenizer.specialIds;
    const instances = rows.map(({ text, answer }) => {
      const inputIds = [cls, ...tokenizer.encode(text), mask, ...tokenizer.encode('.'), sep];
      const sequence = { inputIds, tokenTypeIds: inputIds.map(() => 0), maskPositions: [inputIds.length - 3], virtualTokenPositions: [] };
      return { kind: 'cloze', label: labels.indexOf(answer), sequence };
    });
    const predict = (given, outputs) => given.map(({ answer }, index) => {
      const [yes, no] = outputs[index].scores;
      return { id: String(index), predicted: yes >= no ? 'yes' : 'no', gold: answer };
    });
    return { kind: 'cloze', labels, verbalizer: labels.map((label) => [tokenizer.tokenToId(label)]), instances, predict };
  },
  score,
  majority: (train, rows) => score(rows, rows.map(() => ({ predicted: 'yes' }))),
  chance: () => ({ accuracy: 0.5 }),
};
`;

const experimentText = `
import { colours } from './task.ts';

export default {
  name: 'colours', title: 'Colours', question: 'Red or not?', models: [{ name: 'tiny', directory: 'model' }],
  data: { directory: 'data', regime: 'tiny', splits: { train: 'train', select: 'dev', report: 'val' } },
  tasks: [colours, 'boolq'],
  arms: [{ method: 'lora', settings: { rank: 2 }, label: 'lora-r2' }],
  training: { learningRate: 0.02, batchSize: 6, epochs: 10, maxLength: 64 },
  seeds: [1],
};
`;

let world: Awaited<ReturnType<typeof tinyWorld>>;
let folders = 0;
beforeAll(async () => {
  world = await tinyWorld();
  writeFileSync(join(world.folder, 'package.json'), '{"type": "module"}');
  cpSync(join(world.folder, 'data', 'BoolQ'), join(world.folder, 'data', 'Colours'), { recursive: true });
  for (const split of ['train', 'dev', 'val']) {
    const row = (index: number) => ({
      text: `the boat is ${index % 2 === 0 ? 'red' : 'green'}`,
      answer: index % 2 === 0 ? 'yes' : 'no',
    });
    const lines = Array.from({ length: 12 }, (_, index) => JSON.stringify(row(index)));
    writeFileSync(join(world.folder, 'data', 'Colours', `${split}.jsonl`), `${lines.join('\n')}\n`);
  }
});
afterAll(() => world.remove());

/**
 * Runs the experiment with its texts changed. Modules are loaded once in a process, so each version lies in a folder of
 * its own, with the model and the data of all.
 */
async function run(change: (text: string) => string, output: string) {
  folders += 1;
  const folder = join(world.folder, `version-${folders}`);
  for (const part of ['model', 'data', 'package.json']) {
    cpSync(join(world.folder, part), join(folder, part), { recursive: true });
  }
  writeFileSync(join(folder, 'task.ts'), change(taskText));
  writeFileSync(join(folder, 'experiment.ts'), change(experimentText));
  const { code, stdout, stderr } = await attune([
    'run',
    join(folder, 'experiment.ts'),
    '--out',
    output,
    '--workers',
    '1',
  ]);
  expect(code, stderr).toBe(0);
  return stdout;
}

/** The record of the imported task as another kind of processor would have left it. */
function moveToOtherProcessor(output: string): void {
  const [name, record] = [...readAllRecords(output)].find(([, { config }]) => config.task.name === 'colours')!;
  const proof = record.proof!;
  const there = { ...proof.firstSteps, processor: 'an abacus', parameters: 'a'.repeat(64) };
  const moved = sealed({ ...record, proof: { ...proof, firstSteps: there } });
  writeFileSync(join(output, 'records', name), JSON.stringify(moved));
  const file = join(output, 'experiment.json');
  const experiment = JSON.parse(readFileSync(file, 'utf8')) as ExperimentRecord;
  const trials = experiment.trials.map((trial) => (trial.key === moved.key ? { ...trial, hash: moved.hash } : trial));
  writeFileSync(file, JSON.stringify(sealed({ ...experiment, trials })));
}

// One report goes through all of it, in order. Every kind of edit is tried without processes in the runner's own tests.
describe('an experiment that imports a task from a file beside it', () => {
  const out = () => join(world.folder, 'colours');
  const hashes = () => [...readAllRecords(out()).values()].map(({ hash }) => hash);

  beforeAll(async () => {
    expect(await run((text) => text, out())).toContain('2 trials, 0 of them recorded already\n');
  }, 120_000);

  it('has records that attune verify finds whole, and proves by the experiment that they name', async () => {
    const intact = await attune(['verify', out()]);
    expect(intact).toMatchObject({ code: 0, stdout: expect.stringContaining('all 2 records are what was written.') });
    const [file = ''] = readdirSync(join(out(), 'losses'));
    const own = readFileSync(join(out(), 'losses', file));
    writeFileSync(join(out(), 'losses', file), gzipSync('0.5\n'));
    expect(await attune(['verify', out()])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(`${file}: it is not the file that its record speaks of; delete it, and run`),
    });
    writeFileSync(join(out(), 'losses', file), own);
    moveToOtherProcessor(out());
    const proved = await attune(['verify', '--prove', '--write', out()]);
    expect(proved).toMatchObject({ code: 0, stdout: expect.stringContaining('2 of 2 records are what the present') });
    expect(proved.stdout).toContain(
      '1 of them come from another kind of processor; their first steps agree within rounding.\n',
    );
    expect(JSON.parse(readFileSync(join(out(), 'proved.json'), 'utf8'))).toMatchObject({ schemaVersion: 1 });
  }, 120_000);

  it('has records of which attune verify says what other code does not compute', async () => {
    rmSync(join(out(), 'proved.json'));
    cpSync(join(world.folder, `version-${folders}`), join(world.folder, 'other'), { recursive: true });
    writeFileSync(join(world.folder, 'other', 'task.ts'), taskText.replace('yes >= no', 'yes < no'));
    const other = join(world.folder, 'other', 'experiment.ts');
    const { code, stdout } = await attune(['verify', '--prove', '--write', '--experiment', other, out()]);
    expect(code).toBe(1);
    expect(stdout).toContain('colours--lora-r2--tiny--s1: what the task makes of outputs differs\n');
    expect(stdout).toContain('1 of 2 records are what the present code computes.');
    expect(stdout).toContain('proved.json was not written: not all records are proved.');
    expect(existsSync(join(out(), 'proved.json'))).toBe(false);
  }, 120_000);

  it('proves its trials in every run, and takes them over when seeds, title or labels change', async () => {
    const before = hashes();
    const edit = (text: string) =>
      text
        .replace("title: 'Colours'", "title: 'Other'")
        .replace("'lora-r2'", "'two'")
        .replace('seeds: [1]', 'seeds: [2, 1]');
    const stdout = await run(edit, out());
    expect(stdout).toContain('4 trials, 1 of them recorded already, 1 to be proved\n');
    expect(stdout).toContain(
      '1 record taken over: the present code computes what it says. 1 from another kind of processor, whose first steps ' +
        'agree within rounding.\n',
    );
    expect(hashes()).toEqual(expect.arrayContaining(before));
    expect(hashes()).toHaveLength(4);
  }, 120_000);

  it('runs them again when an edit changes their pattern', async () => {
    const edit = (text: string) => text.replace("tokenizer.encode('.')", "tokenizer.encode('?')");
    expect(await run(edit, out())).toMatch(
      /colours--lora-r2--tiny--s1: instances of the training split differ.*; runs again\n/,
    );
  }, 120_000);
});

it('attune verify says what it expects where there is no report', async () => {
  const here = fileURLToPath(new URL('.', import.meta.url));
  const { code, stderr } = await attune(['verify', here]);
  expect(code).toBe(2);
  expect(stderr).toMatch(
    /experiment\.json: expected the description of a report, found no such file; run the experiment first\n$/,
  );
});
