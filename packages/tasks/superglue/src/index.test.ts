import type { Instance } from '@attune/core';
import { tinyTokenizer } from '@attune/testing';
import { describe, expect, it } from 'vitest';
import { wordTokenizer } from '../test/word-tokenizer.ts';
import { diagnosticTasks, superglueTasks, tasks } from './tasks.ts';

const cases = tasks.flatMap((task) =>
  Object.entries(task.patterns).map(([name, pattern]) => ({ task, name, pattern, row: task.exampleRow })),
);
const posed = tasks.flatMap((task) => task.formulations.map((formulation) => ({ task, formulation })));
const sequencesOf = (instance: Instance) => ('sequences' in instance ? instance.sequences : [instance.sequence]);

describe('the list of tasks', () => {
  it('has the benchmark in reporting order, then its diagnostics, each name once', () => {
    const names = superglueTasks.map(({ name }) => name);
    expect(names).toEqual(['boolq', 'cb', 'copa', 'multirc', 'record', 'rte', 'wic', 'wsc']);
    expect(diagnosticTasks.map(({ name }) => name)).toEqual(['axb', 'axg']);
    const all = tasks.map(({ name }) => name);
    expect(all.slice(0, names.length)).toEqual(names);
    expect(new Set(all).size).toBe(all.length);
    expect(all.filter((name) => !/^[a-z0-9-]+$/.test(name))).toEqual([]);
  });

  it.each(tasks)('$name: its example row is a line of its file', ({ name, exampleRow, parseRows }) => {
    const bytes = new TextEncoder().encode(`${JSON.stringify(exampleRow)}\n`);
    expect(parseRows(bytes, `${name}.jsonl`)).toEqual([exampleRow]);
  });

  it.each(posed)(
    '$task.name as $formulation: its example row is posed, answered and scored',
    ({ task, formulation }) => {
      const rows = [task.exampleRow];
      const call = { rows, formulation, tokenizer: wordTokenizer(), maxLength: 96, numVirtualTokens: 0, seed: 1 };
      expect(task.formulate({ ...call, purpose: 'train' }).instances.length).toBeGreaterThan(0);
      const { kind, instances, labels, predict } = task.formulate({ ...call, purpose: 'evaluate' });
      expect(instances.map((instance) => instance.kind)).toEqual(instances.map(() => kind));
      const width = (instance: Instance) => ('sequences' in instance ? instance.sequences.length : labels.length);
      const outputs = instances.map((instance) => ({ scores: new Array<number>(width(instance)).fill(0) }));
      const predictions = predict(rows, outputs);
      expect(predictions.filter(({ gold }) => gold === undefined)).toEqual([]);
      const right = predictions.map(({ id, gold }) => ({ id, predicted: gold! }));
      const names = task.metrics.map(({ name }) => name);
      for (const values of [task.score(rows, right), task.majority(rows, rows), task.chance(rows)]) {
        expect(Object.keys(values)).toEqual(names);
        // A row alone has no partner, so parity is no number.
        const numbers = Object.entries(values).filter(([name]) => name !== 'genderParity');
        expect(numbers.filter(([, value]) => !(value >= -1 && value <= 1))).toEqual([]);
      }
      expect(task.metrics.map(({ measure }) => measure(rows, right))).toEqual(Object.values(task.score(rows, right)));
    },
  );
});

describe('patterns', () => {
  it.each(superglueTasks)("$name: the default is FewNLU's", ({ patterns }) => {
    expect(Object.keys(patterns)[0]).toBe('fewnlu');
  });

  it.each(cases)('$task.name $name: has a table that fits its slots', ({ pattern }) => {
    for (const [total, counts] of Object.entries(pattern.slots ?? {})) {
      expect(counts.length).toBe(pattern.template.numSlots);
      expect(counts.reduce((sum, count) => sum + count, 0)).toBe(Number(total));
    }
  });

  it.each(cases)('$task.name $name: holds any number of pseudo tokens', ({ task, name, row }) => {
    for (const numVirtualTokens of [0, 1, 2, 3, 4, 5, 7, 10, 20]) {
      const call = { formulation: 'cloze', purpose: 'evaluate', maxLength: 96, seed: 0, pattern: name } as const;
      const { instances } = task.formulate({ ...call, rows: [row], tokenizer: wordTokenizer(), numVirtualTokens });
      const counts = instances.flatMap(sequencesOf).map(({ virtualTokenPositions }) => virtualTokenPositions.length);
      expect(counts.length).toBeGreaterThan(0);
      expect(counts).toEqual(counts.map(() => numVirtualTokens));
    }
  });

  it('work with word pieces', () => {
    const tokenizer = tinyTokenizer();
    const rte = superglueTasks.find((task) => task.name === 'rte')!;
    const row = { idx: 0, premise: 'The boats lamped on.', hypothesis: 'The boat!', label: 'entailment' };
    const call = { formulation: 'cloze', purpose: 'train', maxLength: 15, seed: 0, numVirtualTokens: 1 } as const;
    const { instances, verbalizer } = rte.formulate({ ...call, rows: [row], tokenizer });
    const tokens = (names: string) => names.split(' ').map((name) => tokenizer.tokenToId(name));
    // ":" is not in this vocabulary; "boats" loses no piece, the premise loses its last three tokens.
    expect(instances[0]).toMatchObject({
      sequence: {
        inputIds: tokens('[CLS] the boat ##s question [UNK] the boat ? [UNK] answer [UNK] [MASK] . [SEP]'),
        maskPositions: [12],
        virtualTokenPositions: [9],
      },
      label: 0,
    });
    expect(verbalizer).toEqual([tokens('yes'), tokens('no')]);
  });
});
