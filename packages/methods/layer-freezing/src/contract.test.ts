import { type CountCall, methodContract } from '@attune/testing';
import { layerFreezing } from './method.ts';
import type { LayerFreezingSettings } from './settings.ts';

methodContract({
  method: layerFreezing,
  settings: {
    defaults: {},
    'bottom layer, embeddings training': { bottomLayers: 1, embeddings: false },
    'all layers': { bottomLayers: '100%' },
    'all but the head': { freeze: 'all-but-head' },
    biases: { freeze: 'all-but-biases' },
    'by name': { freeze: 'by-name', patterns: ['*.layer.0.*', '/LayerNorm/'] },
  },
  // Its layers share their parameters.
  familySettings: { albert: { bottomLayers: '100%' } },
  trainableParameters,
  refused: [
    [{ freeze: 'top' }, 'freeze'],
    [{ bottomLayers: -1 }, 'bottomLayers'],
    [{ bottomLayers: '120%' }, 'bottomLayers'],
    [{ embeddings: 'yes' }, 'embeddings'],
    [{ patterns: ['/(/'] }, 'patterns.0'],
    [{ freeze: 'by-name' }, 'patterns'],
    [{ freeze: 'by-name', patterns: [] }, 'patterns'],
    // A field of another choice is refused, not ignored.
    [{ freeze: 'all-but-head', bottomLayers: 2 }, 'bottomLayers'],
  ],
});

/** The formulas of the README. */
function trainableParameters(call: CountCall<LayerFreezingSettings>): number {
  const { settings, config, formulation, backbone, head } = call;
  const { hidden_size: hidden, intermediate_size: intermediate, vocab_size: vocab, num_hidden_layers: layers } = config;
  const rows = vocab + config.max_position_embeddings + config.type_vocab_size;
  const embeddings = (rows + 2) * hidden;
  const layer = 4 * (hidden ** 2 + hidden) + 2 * hidden * intermediate + intermediate + hidden + 4 * hidden;
  const transform = hidden ** 2 + hidden + 2 * hidden;
  const lmHead = formulation === 'cloze' ? transform + vocab : 0;
  switch (settings.freeze) {
    case 'bottom': {
      const frozenLayers = { 1: 1, '50%': 1, '100%': 2 }[settings.bottomLayers]!;
      return backbone + head - frozenLayers * layer - (settings.embeddings ? embeddings : 0);
    }
    case 'all-but-head':
      return head + lmHead;
    case 'all-but-biases': {
      const own = formulation === 'cloze' ? 2 * hidden + vocab : hidden;
      return head + own + hidden + layers * (7 * hidden + intermediate);
    }
    case 'by-name': {
      const norms = 1 + 2 * (layers - 1) + (formulation === 'cloze' ? 1 : 0);
      return backbone + head - layer - norms * 2 * hidden;
    }
    default:
      return settings satisfies never;
  }
}
