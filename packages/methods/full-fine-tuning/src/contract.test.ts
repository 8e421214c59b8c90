import { methodContract } from '@attune/testing';
import { fullFineTuning } from './method.ts';

methodContract({
  method: fullFineTuning,
  settings: { defaults: {}, 'discriminative learning rates': { layerDecay: 0.5 } },
  trainableParameters: ({ backbone, head }) => backbone + head,
  refused: [
    [{ layerDecay: 0 }, 'layerDecay'],
    [{ layerDecay: 1.5 }, 'layerDecay'],
    [{ layerDecay: 'half' }, 'layerDecay'],
    [{ layerdecay: 0.5 }, 'layerdecay'],
  ],
});
