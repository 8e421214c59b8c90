import { describe, expect, it } from 'vitest';
import { parseJsonText } from './json-text.ts';
import { parseJson } from './parse.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

describe('a JSON text', () => {
  it.each([
    '{}',
    '[]',
    '[[], {}, [{}]]',
    '"a:b"',
    'null',
    ' { "a" : { "a" : [ 1 , { "a" : ":" } , "\\":{" ] } , "b" : "\\\\" } ',
    '{"__proto__": 1, "constructor": {"__proto__": null}}',
    '{"": "", "\\u0061": 1, "A": 2}',
  ])('is read as JSON.parse reads it: %s', (text) => expect(parseJsonText(text)).toEqual(JSON.parse(text)));

  it.each([
    ['{"a": 1, "b": 2, "a": 3}', 'the key "a" stands twice, with 1 and 3; keep one of them'],
    ['{"m": {"v": [{}, {"x": "1", "\\u0078": "2"}]}}', 'the key "m.v.1.x" stands twice, with "1" and "2"'],
    ['{"a": {"b": [1]}, "a": {"b": [2]}}', 'the key "a" stands twice, with {"b": [1]} and {"b": [2]}'],
    ['{"__proto__": 1, "__proto__": 2}', 'the key "__proto__" stands twice, with 1 and 2'],
    ['{"a": 1, "b": [{"c": ",}]:"}], "a": null}', 'the key "a" stands twice, with 1 and null'],
  ])('may not have one key with two values: %s', (text, message) => {
    expect(() => parseJsonText(text)).toThrow(message);
  });

  it('may repeat itself, unless a format forbids it', () => {
    expect(parseJsonText('{"a": [1], "a": [1] }')).toEqual({ a: [1] });
    expect(() => parseJsonText('{"a": 1, "a": 1}', 'refused')).toThrow('the key "a" stands twice, with 1 and 1');
  });

  it.each(['[', '{"a":'])('may be nested a thousand levels deep, and no more: %s', (start) => {
    const end = start === '[' ? ']' : '}';
    const nested = (levels: number) => `${start.repeat(levels - 1)}[]${end.repeat(levels - 1)}`;
    expect(() => parseJsonText(nested(1000))).not.toThrow();
    expect(() => parseJsonText(nested(1001))).toThrow('nested more than 1000 levels deep');
    expect(() => parseJsonText(nested(100_000))).toThrow('nested more than 1000 levels deep');
  });

  it('of several megabytes is read in a moment', () => {
    const vocabulary = Object.fromEntries(Array.from({ length: 200_000 }, (_, id) => [`token ${id}`, id]));
    const text = JSON.stringify({ vocabulary, merges: Object.keys(vocabulary) });
    const started = performance.now();
    parseJsonText(text);
    expect(performance.now() - started).toBeLessThan(5000);
    const twice = text.replace('"token 7":7', '"token 7":7,"token 7":8');
    expect(() => parseJsonText(twice)).toThrow('the key "vocabulary.token 7" stands twice, with 7 and 8');
  });
});

describe('parseJson', () => {
  it('names the file', () => {
    expect(() => parseJson(bytes('{"a": 1, "a": 2}'), 'config.json')).toThrow(
      'config.json: not JSON: the key "a" stands twice, with 1 and 2; keep one of them',
    );
    expect(() => parseJson(bytes('{'), 'config.json')).toThrow(/^config.json: not JSON: /);
    expect(() => parseJson(Uint8Array.of(0xff), 'config.json')).toThrow(
      'config.json: not JSON: expected text in UTF-8, found bytes that are none',
    );
  });

  it('says when a file is longer than any text, whatever its bytes', () => {
    const long = new Uint8Array(2 ** 29);
    expect(() => parseJson(long, 'config.json')).toThrow(
      'config.json: not JSON: 536870912 bytes are too many for one text, which holds 536870888 characters',
    );
  });
});
