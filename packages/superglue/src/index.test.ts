import { tinyTokenizer } from '@attune/testing';
import { describe, expect, it } from 'vitest';
import { boolqRow, cbRow, copaRow, multircRow, recordRow, rteRow, wicRow, wscRow } from '../test/example-rows.ts';
import { wordTokenizer } from '../test/word-tokenizer.ts';
import { diagnosticTasks, supergluePatterns, superglueTasks } from './index.ts';

const rows = [boolqRow, cbRow, copaRow, multircRow, recordRow, rteRow, wicRow, wscRow, rteRow, rteRow];
const allTasks = [...superglueTasks, ...diagnosticTasks];
const cases = allTasks.flatMap((task, index) =>
  Object.entries(supergluePatterns[task.name]!).map(([name, pattern]) => ({ task, name, pattern, row: rows[index] })),
);

describe('superglueTasks', () => {
  it('are eight, in reporting order, with patterns each', () => {
    const names = ['boolq', 'cb', 'copa', 'multirc', 'record', 'rte', 'wic', 'wsc'];
    expect(superglueTasks.map((task) => task.name)).toEqual(names);
    const all = [...names, 'axb', 'axg'];
    expect(allTasks.map((task) => task.name)).toEqual(all);
    expect(Object.keys(supergluePatterns)).toEqual(all);
    expect(all.map((name) => Object.keys(supergluePatterns[name]!)[0])).toEqual(all.map(() => 'fewnlu'));
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
      const sequences = instances.flatMap((own) => ('sequences' in own ? own.sequences : [own.sequence]));
      expect(sequences.map(({ virtualTokenPositions }) => virtualTokenPositions.length)).toEqual(
        sequences.map(() => numVirtualTokens),
      );
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
