import { fullFineTuning } from '@attune/full-fine-tuning';
import { layerFreezing } from '@attune/layer-freezing';
import { lora } from '@attune/lora';
import { pTuning } from '@attune/p-tuning';
import { type ArmOptions, arm, defineExperiment } from '@attune/runner';
import { boolq, rte } from '@attune/superglue';
import { comparedMethods, comparedSeeds, training } from './comparison-protocol.ts';

// The small comparison that is timed against the same protocol in transformers and PEFT: see comparison.ts.

/** The arm's name and learning rate: the peer's of the same method. */
const named = (label: (typeof comparedMethods)[number]['name']): ArmOptions => {
  const { learningRate } = comparedMethods.find(({ name }) => name === label)!;
  return { label, training: { learningRate } };
};

export default defineExperiment({
  name: 'benchmark-comparison',
  title: 'A small comparison, timed',
  question: 'How long does a whole comparison take?',
  models: ['mini-bert'],
  data: {
    directory: '../../datasets/world',
    regime: 'full',
    splits: { train: 'train', select: 'dev', report: 'val' },
  },
  tasks: [rte, boolq],
  formulation: 'cloze',
  training: { ...training, evaluationsPerEpoch: 1 },
  arms: [
    arm(fullFineTuning, {}, named('full')),
    arm(layerFreezing, { freeze: 'bottom', bottomLayers: 1 }, named('half-frozen')),
    arm(lora, { rank: 8, alpha: 16 }, named('lora')),
    arm(pTuning, { encoder: 'lstm' }, named('p-tuning')),
  ],
  seeds: comparedSeeds,
});
