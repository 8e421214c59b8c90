import { expect, test } from 'vitest';
import { parseAnswer } from './peer.ts';

test('an answer is one JSON object', () => {
  expect(parseAnswer('time', '{"millis": [1.5, 2]}')).toEqual({ millis: [1.5, 2] });
});

test("passes the peer's own message on", () => {
  expect(() => parseAnswer('check', '{"error": "KeyError: fused"}')).toThrow('peer: check: KeyError: fused');
});

test('says what came instead of an answer', () => {
  expect(() => parseAnswer('start', 'Segmentation fault')).toThrow(
    'peer: expected one JSON object in answer to start, got "Segmentation fault"',
  );
});
