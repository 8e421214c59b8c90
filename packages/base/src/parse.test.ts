import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { DatasetError } from './errors.ts';
import { parseRows, type RowId } from './parse.ts';

const schema = z.object({ idx: z.int(), parts: z.array(z.int()).default([]) });
const bytesOf = (...lines: readonly string[]) => new TextEncoder().encode(lines.join('\n'));
const ids = ({ idx, parts }: z.output<typeof schema>): RowId[] => [
  ['idx', idx],
  ...parts.map((part) => ['parts', `${idx}-${part}`] as const),
];

describe('bad lines', () => {
  it('are listed up to the tenth, and the others counted', () => {
    const lines = Array.from({ length: 40 }, (_, line) => (line % 3 === 0 ? '{"idx": 0.5}' : `{"idx": ${line}}`));
    const listed = [1, 4, 7, 10, 13, 16, 19, 22, 25, 28].map(
      (line) => `x.jsonl:${line}: idx: expected an integer, got 0.5`,
    );
    const message = [...listed, 'x.jsonl: 4 more lines are bad'].join('\n');
    expect(() => parseRows(bytesOf(...lines), 'x.jsonl', schema)).toThrow(new DatasetError(message));
    const eleven = lines.slice(0, 31);
    expect(() => parseRows(bytesOf(...eleven), 'x.jsonl', schema)).toThrow('\nx.jsonl: one more line is bad');
  });

  it('may be bad in different ways', () => {
    const lines = ['{"idx": 0}', '{"idx"', '{"idx": "a"}', '', '{"idx": 0}', '[]'];
    expect(() => parseRows(bytesOf(...lines), 'x.jsonl', schema, ids)).toThrow(
      /^x.jsonl:2: not JSON: .*\nx.jsonl:3: idx: expected .*\nx.jsonl:5: idx: expected an id of its own, got 0, .*\nx.jsonl:6: expected an object/,
    );
  });

  it('of bytes that are no UTF-8 are named', () => {
    const bad = Uint8Array.of(0x22, 0xff, 0x22, 0x0a);
    const bytes = Uint8Array.of(...bytesOf('{"idx": 0}', ''), ...bad, ...bytesOf('{"idx": 1}', ''), ...bad);
    const problem = 'expected text in UTF-8, found bytes that are none';
    expect(() => parseRows(bytes, 'x.jsonl', schema)).toThrow(
      new DatasetError(`x.jsonl:2: ${problem}\nx.jsonl:4: ${problem}`),
    );
  });
});

describe('ids that come again', () => {
  it('are refused, with the line that has them already', () => {
    const lines = ['{"idx": 3, "parts": [1, 2]}', '{"idx": 4, "parts": [1, 2, 2]}', '{"idx": 3}'];
    const expected = (name: string, id: string, where: string) =>
      `${name}: expected an id of its own, got ${id}, which is ${where}`;
    expect(() => parseRows(bytesOf(...lines), 'x.jsonl', schema, ids)).toThrow(
      new DatasetError(
        `x.jsonl:2: ${expected('parts', '4-2', 'twice in this line')}\nx.jsonl:3: ${expected('idx', '3', 'in line 1 already')}`,
      ),
    );
    expect(parseRows(bytesOf(...lines), 'x.jsonl', schema)).toHaveLength(3);
  });
});
