import type { EncodedSequence, FormulateCall, Instance } from '@attune/core';
import { describe, expect, it } from 'vitest';
import { fewRowSources } from '../test/few-rows.ts';
import { wordTokenizer } from '../test/word-tokenizer.ts';
import { wsc } from './tasks/wsc.ts';
import { wscFields } from './tasks/wsc-fill.ts';
import { superglueTasks } from './tasks.ts';

const MAX_LENGTH = 96;
const NUM_VIRTUAL_TOKENS = 4;
/** Rows of the original validation files are many. */
const MOST_ROWS = 200;

const splits: readonly [string, FormulateCall<unknown>['purpose']][] = [
  ['train', 'train'],
  ['dev32', 'evaluate'],
  ['val', 'evaluate'],
];

function sequencesOf(instance: Instance): readonly EncodedSequence[] {
  return 'sequences' in instance ? instance.sequences : [instance.sequence];
}

/** Problems of one sequence; none expected. */
function problemsOf(sequence: EncodedSequence, numMasks: number | undefined): string[] {
  const { inputIds, tokenTypeIds, maskPositions, virtualTokenPositions } = sequence;
  return [
    ...(inputIds.length > MAX_LENGTH ? [`${inputIds.length} tokens`] : []),
    ...(tokenTypeIds.length !== inputIds.length ? ['segments do not fit'] : []),
    ...(inputIds[0] !== 2 || inputIds.at(-1) !== 3 ? ['special tokens missing'] : []),
    ...(virtualTokenPositions.length !== NUM_VIRTUAL_TOKENS ? [`${virtualTokenPositions.length} pseudo tokens`] : []),
    ...(numMasks !== undefined && maskPositions.length !== numMasks ? [`${maskPositions.length} masks`] : []),
    ...(maskPositions.some((position) => inputIds[position] !== 4) ? ['mask position without mask'] : []),
  ];
}

function problemsOfInstance(instance: Instance): string[] {
  return sequencesOf(instance).flatMap((sequence, index) => {
    switch (instance.kind) {
      case 'cloze':
        return problemsOf(sequence, 1);
      case 'candidates':
        return problemsOf(sequence, instance.targets[index]!.length);
      case 'fill':
        return problemsOf(sequence, instance.targets?.length);
      default:
        return problemsOf(sequence, 0);
    }
  });
}

describe.each(fewRowSources)('formulating $source rows', ({ rowsOf }) => {
  const cases = superglueTasks.flatMap((task) => task.formulations.map((formulation) => ({ task, formulation })));

  it.each(cases)('$task.name as $formulation', async ({ task, formulation }) => {
    const tokenizer = wordTokenizer();
    const call = { formulation, tokenizer, maxLength: MAX_LENGTH, numVirtualTokens: NUM_VIRTUAL_TOKENS, seed: 1 };
    const formulated: string[] = [];
    for (const [split, purpose] of splits) {
      const rows = (await rowsOf(task, split)).slice(0, MOST_ROWS);
      if (rows.length === 0) continue;
      formulated.push(split);
      const { instances, kind, predict } = task.formulate({ ...call, rows, purpose });
      expect(instances.map((instance) => instance.kind)).toEqual(instances.map(() => kind));
      expect(instances.flatMap(problemsOfInstance)).toEqual([]);
      if (purpose === 'train') {
        expect(instances.length).toBeGreaterThan(0);
        continue;
      }
      expect(instances.length).toBeGreaterThanOrEqual(rows.length);
      const outputs = instances.map((instance) => ({
        scores: sequencesOf(instance).length > 1 ? sequencesOf(instance).map(() => 0) : [0, 0, 0],
      }));
      const predictions = predict(rows, outputs);
      expect(predictions.length).toBeGreaterThanOrEqual(rows.length);
      expect(new Set(predictions.map(({ id }) => id)).size).toBe(predictions.length);
      expect(predictions.filter(({ gold }) => gold === undefined)).toEqual([]);
      expect(Object.keys(task.score(rows, predictions))).toEqual(task.metrics.map(({ name }) => name));
      expect(Object.keys(task.chance(rows))).toEqual(task.metrics.map(({ name }) => name));
    }
    // The few-shot release has no val file of ReCoRD.
    expect(formulated).toEqual(task.name === 'record' ? ['train', 'dev32'] : ['train', 'dev32', 'val']);
  });

  it('marks the pronoun of every WSC row', async () => {
    const rows = (await Promise.all(splits.map(([split]) => rowsOf(wsc, split)))).flat();
    const marked = rows.map(wscFields);
    expect(marked.map(({ pronoun }) => pronoun.toLowerCase())).toEqual(
      rows.map(({ target }) => target.span2_text.toLowerCase()),
    );
    expect(marked.map(({ text }) => text.replaceAll('*', ''))).toEqual(
      rows.map(({ text }) => text.replaceAll('*', '')),
    );
  });
});
