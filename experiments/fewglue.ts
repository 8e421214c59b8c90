import { fullFineTuning } from '@attune/full-fine-tuning';
import { layerFreezing } from '@attune/layer-freezing';
import { lora } from '@attune/lora';
import { pTuning } from '@attune/p-tuning';
import { arm, defineExperiment } from '@attune/runner';
import { superglueTasks } from '@attune/superglue';
import { zeroShot } from '@attune/zero-shot';

// The same methods on original SuperGLUE rows: 32 examples to train on, 32 to select on, the full validation file to
// report. A very small model will be near chance on real English; the report shows chance and majority beside it.
//
//   npx attune run experiments/fewglue.ts --data ../shared/data/FewGLUE_32dev
//
// The data is not part of the repository: see packages/tasks/superglue/README.md for where it comes from.

export default defineExperiment({
  name: 'fewglue',
  title: 'Four ways of fine-tuning on 32 examples of SuperGLUE',
  question:
    'What do the methods make of 32 real examples, starting from a model that has seen none like them? ' +
    "(WSC's training rows are all true, so its majority class is true; always answering false scores 63.5.)",
  models: ['mini-bert'],
  data: {
    regime: 'few-shot-32',
    splits: { train: 'train', select: 'dev32', report: 'val' },
  },
  tasks: superglueTasks,
  // The few-shot release has no val file of ReCoRD.
  perTask: { record: { data: { mayBeAbsent: true } } },
  formulation: 'cloze',
  training: { learningRate: 5e-4, batchSize: 16, epochs: 20, evaluationsPerEpoch: 0.25, maxLength: 128 },
  arms: [
    arm(fullFineTuning, {}),
    arm(layerFreezing, { freeze: 'bottom', bottomLayers: 1 }),
    arm(lora, { rank: 8, alpha: 16 }, { training: { learningRate: 2e-3 } }),
    arm(pTuning, { encoder: 'lstm' }, { training: { learningRate: 2e-3 } }),
    arm(zeroShot, {}),
  ],
  seeds: [1, 2, 3],
});
