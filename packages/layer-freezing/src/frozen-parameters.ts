import { ConfigError, type Model, type ParameterSpec } from '@attune/core';
import { matchNames } from './name-pattern.ts';
import type { LayerFreezingSettings } from './settings.ts';

/**
 * Says of a parameter whether the settings freeze it. The classification head (role "classifier") is not the
 * model's own and never frozen; the language model's head counts as the head too, as a cloze answers with it.
 *
 * @throws ConfigError when there are fewer layers than asked for, when those asked for share parameters with others,
 *   or when a pattern matches nothing
 */
export function frozenBy(settings: LayerFreezingSettings, model: Model): (parameter: ParameterSpec) => boolean {
  const named = matchNames(
    settings.patterns,
    model.parameters.map(({ name }) => name),
  );
  const chosen = choice(settings, model);
  return (parameter) => parameter.role !== 'classifier' && (chosen(parameter) || named.has(parameter.name));
}

function choice(settings: LayerFreezingSettings, model: Model): (parameter: ParameterSpec) => boolean {
  switch (settings.freeze) {
    case 'bottom': {
      const layers = layerCount(settings.bottomLayers, model.numLayers);
      requireSeparable(model, layers);
      return ({ role, layer = model.numLayers - 1 }) =>
        role === 'embeddings' ? settings.embeddings : role === 'encoder' && layer < layers;
    }
    case 'all-but-head':
      return ({ role }) => role !== 'lm-head';
    case 'all-but-biases':
      return ({ name }) => !name.endsWith('.bias');
    case 'by-name':
      return () => false;
    default:
      return settings satisfies never;
  }
}

/** Layers that share parameters are frozen together or not at all. */
function requireSeparable({ family, numLayers, parameters }: Model, layers: number): void {
  const shared = parameters.some(({ role, layer }) => role === 'encoder' && layer === undefined);
  if (!shared || layers === 0 || layers === numLayers) return;
  throw new ConfigError(
    `layer-freezing: bottomLayers: the ${numLayers} layers of ${family} share parameters, so ${layers} of them cannot ` +
      `be frozen alone; expected 0 or ${numLayers} ("100%")`,
  );
}

/** @param wanted  a count, or a percentage of the layers, rounded half up */
function layerCount(wanted: number | string, numLayers: number): number {
  if (typeof wanted === 'string') return Math.round((Number.parseFloat(wanted) / 100) * numLayers);
  if (wanted <= numLayers) return wanted;
  throw new ConfigError(
    `layer-freezing: bottomLayers: expected at most the model's ${numLayers} layers, got ${wanted}`,
  );
}
