import { fullFineTuning } from '@attune/full-fine-tuning';
import { layerFreezing } from '@attune/layer-freezing';
import { lora } from '@attune/lora';
import { pTuning } from '@attune/p-tuning';
import { arm, defineExperiment } from '@attune/runner';
import { superglueTasks } from '@attune/superglue';

// Two small models of one size and one corpus: a BERT, which reads both ways, and a GPT-2, which reads from left to right.
//
//   npx attune run experiments/directions.ts
//
// Records and report go to reports/directions. Run again, it does only what has no record.

const light = { training: { learningRate: 2e-3 } };

export default defineExperiment({
  name: 'directions',
  title: 'Reading both ways, or from left to right',
  question: 'What does each method make of a model that reads both ways, and of one that reads from left to right?',
  models: ['mini-bert', 'mini-gpt2'],
  data: {
    directory: '../datasets/world',
    regime: 'full',
    splits: { train: 'train', select: 'dev', report: 'val' },
  },
  tasks: superglueTasks,
  // A new layer on the pooled or the last token: a cloze whose mask is not last is nothing a causal model can fill.
  formulation: 'head',
  training: { learningRate: 5e-4, batchSize: 16, epochs: 2, evaluationsPerEpoch: 1 },
  // A row of these is two or more sequences.
  perTask: {
    copa: { training: { epochs: 1 } },
    multirc: { training: { epochs: 1 } },
    record: { training: { epochs: 1 } },
  },
  arms: [
    arm(fullFineTuning, {}),
    arm(layerFreezing, { freeze: 'bottom', bottomLayers: 1 }),
    arm(lora, { rank: 8, alpha: 16 }, light),
    arm(pTuning, { encoder: 'lstm' }, light),
  ],
  seeds: [1, 2, 3],
});
