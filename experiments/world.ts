import { fullFineTuning } from '@attune/full-fine-tuning';
import { layerFreezing } from '@attune/layer-freezing';
import { lora } from '@attune/lora';
import { pTuning } from '@attune/p-tuning';
import { arm, defineExperiment } from '@attune/runner';
import { superglueTasks } from '@attune/superglue';
import { zeroShot } from '@attune/zero-shot';

// What the built-in world shows: what pre-training is worth, and what 32 examples are worth beside all of them.
//
//   npx attune run experiments/world.ts
//
// Records and report go to reports/world. Run again, it does only what has no record.

/** 32 rows to train on and 32 to select by, another sample for each seed. */
const few = {
  models: ['mini-bert'],
  data: { regime: 'few-shot-32', splits: { train: 'train32-{seed}', select: 'dev32-{seed}' } },
};
const fewTraining = { epochs: 20, evaluationsPerEpoch: 0.25 };
const pretrained = { models: ['mini-bert'] };
const light = { learningRate: 2e-3 };

export default defineExperiment({
  name: 'world',
  title: 'What the built-in world shows',
  question: 'What is pre-training worth, and what are 32 examples worth beside all of them?',
  models: ['mini-bert', { name: 'mini-bert-random', directory: 'mini-bert', initialization: 'random' }],
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
    arm(fullFineTuning, {}, { ...few, label: 'full-fine-tuning-32', training: fewTraining }),
    arm(layerFreezing, { freeze: 'bottom', bottomLayers: 1 }, pretrained),
    arm(
      layerFreezing,
      { freeze: 'bottom', bottomLayers: 1 },
      { ...few, label: 'layer-freezing-32', training: fewTraining },
    ),
    arm(lora, { rank: 8, alpha: 16 }, { ...pretrained, training: light }),
    arm(lora, { rank: 8, alpha: 16 }, { ...few, label: 'lora-32', training: { ...light, ...fewTraining } }),
    arm(pTuning, { encoder: 'lstm' }, { ...pretrained, training: light }),
    arm(pTuning, { encoder: 'lstm' }, { ...few, label: 'p-tuning-32', training: { ...light, ...fewTraining } }),
    arm(zeroShot, {}, pretrained),
  ],
  seeds: [1, 2, 3],
});
