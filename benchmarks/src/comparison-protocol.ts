import { fileURLToPath } from 'node:url';

const fromHere = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Hyper-parameters of experiments/quick.ts; what it leaves at its default is spelled out for the peer. */
export const training = { batchSize: 16, epochs: 2, warmupRatio: 0.1, weightDecay: 0.01, maxGradientNorm: 1 } as const;

/** Methods by the peer's names, each with its learning rate as in experiments/quick.ts. */
export const comparedMethods = [
  { name: 'full', learningRate: 5e-4 },
  { name: 'half-frozen', learningRate: 5e-4 },
  { name: 'lora', learningRate: 2e-3 },
  { name: 'p-tuning', learningRate: 2e-3 },
] as const;

export const comparedSeeds = [1, 2, 3] as const;

/**
 * Both tasks as their default pattern has them: `first` [P] Question: `second` ? [P] Answer: [M] . The separator is
 * what stands between the first field and the first slot.
 */
const tasks = [
  {
    ...{ name: 'rte', directory: 'RTE', first: 'premise', second: 'hypothesis', separator: '' },
    ...{ labels: ['entailment', 'not_entailment'], words: ['Yes', 'No'] },
  },
  {
    ...{ name: 'boolq', directory: 'BoolQ', first: 'passage', second: 'question', separator: '.' },
    ...{ labels: [false, true], words: ['false', 'true'] },
  },
] as const;

/** Everything that `peer/comparison.py` needs. */
export const peerProtocol = {
  ...{ training, tasks, methods: comparedMethods, seeds: comparedSeeds },
  data: fromHere('../../datasets/world'),
  checkpoint: fromHere('../../datasets/checkpoints/mini-bert'),
};
