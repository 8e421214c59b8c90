import { fullFineTuning } from '@attune/full-fine-tuning';
import { layerFreezing } from '@attune/layer-freezing';
import { lora } from '@attune/lora';
import { pTuning } from '@attune/p-tuning';
import { arm, defineExperiment } from '@attune/runner';
import { superglueTasks } from '@attune/superglue';
import { zeroShot } from '@attune/zero-shot';

// Four ways of fine-tuning a small BERT on SuperGLUE's tasks in the built-in world, beside zero-shot and majority.
//
//   npx attune run experiments/quick.ts
//
// Records and report go to reports/quick. Run again, it does only what has no record.

export default defineExperiment({
  name: 'quick',
  title: 'Four ways of fine-tuning a small BERT',
  question: 'How close do methods that train few parameters come to training all of them?',
  models: [
    'mini-bert',
    // The same architecture without pre-training: what the checkpoint is worth.
    { name: 'mini-bert-random', directory: 'mini-bert', initialization: 'random' },
  ],
  data: {
    directory: '../datasets/world',
    regime: 'full',
    splits: { train: 'train', select: 'dev', report: 'val' },
  },
  tasks: superglueTasks,
  formulation: 'cloze',
  training: { learningRate: 5e-4, batchSize: 16, epochs: 2, evaluationsPerEpoch: 1 },
  // A row of these is two or more sequences.
  perTask: {
    copa: { training: { epochs: 1 } },
    multirc: { training: { epochs: 1 } },
    record: { training: { epochs: 1 } },
  },
  arms: [
    arm(fullFineTuning, {}),
    arm(layerFreezing, { freeze: 'bottom', bottomLayers: 1 }, { models: ['mini-bert'] }),
    arm(lora, { rank: 8, alpha: 16 }, { models: ['mini-bert'], training: { learningRate: 2e-3 } }),
    arm(pTuning, { encoder: 'lstm' }, { models: ['mini-bert'], training: { learningRate: 2e-3 } }),
    arm(zeroShot, {}, { models: ['mini-bert'] }),
  ],
  seeds: [1, 2, 3],
});
