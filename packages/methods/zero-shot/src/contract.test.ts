import { methodContract } from '@attune/testing';
import { zeroShot } from './method.ts';

methodContract({
  method: zeroShot,
  settings: { defaults: {} },
  trainableParameters: () => 0,
  refused: [[{ epochs: 1 }, 'epochs']],
});
