import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readProbes } from './read-probes.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'attune-lama-'));
  mkdirSync(join(root, 'facts'));
});
afterEach(() => rmSync(root, { recursive: true }));

const write = (name: string, rows: readonly object[]) =>
  writeFileSync(join(root, name), rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
const messageOf = () =>
  readProbes(join(root, 'facts')).then(
    () => 'no error',
    (error: Error) => `${error.name}: ${error.message.replaceAll(root, '<root>')}`,
  );

describe('readProbes', () => {
  it('reads the relations that have facts, each pair of subject and object once', async () => {
    write('relations.jsonl', [
      { relation: 'P1', template: '[X] lies in [Y] .', type: 'N-1' },
      { relation: 'P2', template: 'The capital of [X] is [Y] .' },
    ]);
    const fact = { sub_label: 'Boat', obj_label: 'garden', uuid: '7' };
    write('facts/P1.jsonl', [fact, { ...fact, uuid: '8' }, { sub_label: 'Boat', obj_label: 'bridge' }]);
    const [only, ...rest] = await readProbes(join(root, 'facts'));
    expect(rest).toEqual([]);
    expect(only!.relation.template).toBe('[X] lies in [Y] .');
    expect(only!.facts.map(({ sub_label, obj_label }) => [sub_label, obj_label])).toEqual([
      ['Boat', 'garden'],
      ['Boat', 'bridge'],
    ]);
  });

  it('says what is missing or malformed, and where', async () => {
    expect(await messageOf()).toBe(
      'DatasetError: <root>/facts: expected relations.jsonl in it or in the folder above; found neither',
    );
    write('relations.jsonl', [{ relation: 'P1', template: '[X] lies in a place' }]);
    expect(await messageOf()).toBe(
      'DatasetError: <root>/relations.jsonl:1: template: expected a text with one [X] for the subject and one [Y] for ' +
        'the object, got "[X] lies in a place" (a string)',
    );
    const twice = { relation: 'P1', template: '[X] lies in [Y]' };
    write('relations.jsonl', [twice, twice]);
    expect(await messageOf()).toBe(
      'DatasetError: <root>/relations.jsonl:2: relation: expected an id of its own, got P1, which is in line 1 already',
    );
    write('relations.jsonl', [{ relation: 'P1', template: '[X] lies in [Y]' }]);
    expect(await messageOf()).toBe(
      'DatasetError: <root>/facts: expected facts in at least one of P1.jsonl; found none of these files',
    );
    write('facts/P1.jsonl', [{ sub_label: 'Boat' }]);
    expect(await messageOf()).toBe('DatasetError: <root>/facts/P1.jsonl:1: obj_label: expected a string, got nothing');
  });
});
