import { type CountCall, methodContract } from '@attune/testing';
import { lora } from './method.ts';
import type { LoraSettings } from './settings.ts';

methodContract({
  method: lora,
  settings: {
    defaults: {},
    'with dropout, rank-stabilised': { rank: 2, alpha: 16, dropout: 0.2, useRslora: true },
    'all linear': { rank: 3, targetModules: 'all-linear' },
    'top layer alone': { targetModules: ['layer.1.attention.self.query', 'layer.1.intermediate.dense'] },
  },
  trainableParameters,
  peft: true,
  refused: [
    [{ rank: 0 }, 'rank'],
    [{ rank: '8' }, 'rank'],
    [{ alpha: -1 }, 'alpha'],
    [{ dropout: 1 }, 'dropout'],
    [{ targetModules: [] }, 'targetModules'],
    [{ targetModules: 'query' }, 'targetModules'],
    [{ useRslora: 1 }, 'useRslora'],
  ],
});

/** rank · (in + out) over the targets, and the classifier. */
function trainableParameters({ settings, config, head }: CountCall<LoraSettings>): number {
  const { hidden_size: hidden, intermediate_size: intermediate, num_hidden_layers: layers } = config;
  const [square, wide] = [2 * hidden, hidden + intermediate];
  const { rank, targetModules } = settings;
  if (targetModules === 'all-linear') return head + rank * layers * (4 * square + 2 * wide);
  if (targetModules === 'query-value') return head + rank * layers * 2 * square;
  return head + rank * (square + wide);
}
