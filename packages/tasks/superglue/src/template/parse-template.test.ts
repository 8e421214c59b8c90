import { describe, expect, it } from 'vitest';
import { parseTemplate } from './parse-template.ts';

describe('parseTemplate', () => {
  it('reads every marker', () => {
    expect(parseTemplate('{a~} [P] Question: {~b} || {c} [SEP] [M*] .')).toEqual({
      source: '{a~} [P] Question: {~b} || {c} [SEP] [M*] .',
      numSlots: 1,
      pieces: [
        { kind: 'field', name: 'a', shorten: 'end' },
        { kind: 'virtual' },
        { kind: 'text', text: ' Question: ' },
        { kind: 'field', name: 'b', shorten: 'start' },
        { kind: 'boundary' },
        { kind: 'field', name: 'c' },
        { kind: 'separator' },
        { kind: 'mask', many: true },
        { kind: 'text', text: ' .' },
      ],
    });
  });

  it('keeps brackets that are text', () => {
    expect(parseTemplate('- [ [M] ]').pieces).toEqual([
      { kind: 'text', text: '- [ ' },
      { kind: 'mask', many: false },
      { kind: 'text', text: ' ]' },
    ]);
  });

  it.each([
    ['{a} [X]', 'unknown marker "[X]"; known: {field}, {field~}, {~field}, [P], [M], [M*], [SEP], ||'],
    ['{~a~} [M]', 'unknown marker "{~a~}"; known: {field}, {field~}, {~field}, [P], [M], [M*], [SEP], ||'],
    ['{a b}', 'unknown marker "{a b}"; known: {field}, {field~}, {~field}, [P], [M], [M*], [SEP], ||'],
    ['[M] [M*]', 'expected at most one mask'],
    ['{a} || {b} || {c}', 'expected at most one boundary'],
  ])('refuses %s', (source, message) => {
    expect(() => parseTemplate(source)).toThrow(`template "${source}": ${message}`);
  });
});
