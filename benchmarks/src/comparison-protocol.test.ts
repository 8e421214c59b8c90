import { boolq, rte } from '@attune/superglue';
import { expect, test } from 'vitest';
import { peerProtocol } from './comparison-protocol.ts';

// The peer spells the default patterns out; a changed default must not go unnoticed there.
test.each([
  [rte, '{premise~} [P] Question: {bareHypothesis~} ? [P] Answer: [M] .'],
  [boolq, '{passage~} . [P] Question: {bareQuestion~} ? [P] Answer: [M] .'],
])('the peer answers the default pattern of its task', (task, source) => {
  const [pattern] = Object.values(task.patterns);
  const peer = peerProtocol.tasks.find(({ name }) => name === task.name)!;
  expect(pattern!.template.source).toBe(source);
  expect(pattern!.words).toEqual(peer.words.map((word) => [word]));
  expect(pattern!.slots?.[4]).toEqual([2, 2]);
  expect(peer.directory).toBe(task.directory);
});
