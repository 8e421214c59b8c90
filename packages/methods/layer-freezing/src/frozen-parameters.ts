import { ConfigError, nearestNames } from '@attune/base';
import type { Model, ParameterSpec } from '@attune/core';
import { compilePattern, type LayerFreezingSettings } from './settings.ts';

/**
 * Names that match any of the patterns.
 *
 * @throws ConfigError when a pattern matches no name at all, listing every such pattern with near matches
 */
export function matchNames(patterns: readonly string[], names: readonly string[]): ReadonlySet<string> {
  const problems: string[] = [];
  const matched = new Set<string>();
  for (const pattern of patterns) {
    const expression = compilePattern(pattern);
    if (typeof expression === 'string') throw new ConfigError(`patterns: ${expression}`);
    const hits = names.filter((name) => expression.test(name));
    for (const hit of hits) matched.add(hit);
    if (hits.length === 0) problems.push(noMatch(pattern, names));
  }
  if (problems.length > 0) throw new ConfigError(problems.join('\n'));
  return matched;
}

function noMatch(pattern: string, names: readonly string[]): string {
  const near = nearestNames(pattern, names, 3);
  const shown = near.length > 0 ? near : names.slice(0, 3);
  return `layer-freezing: pattern "${pattern}" matches none of ${names.length} parameters; names look like ${shown.map((name) => `"${name}"`).join(', ')}`;
}

/**
 * Says of a parameter whether the settings freeze it. A new classification head (role "classifier") is never frozen. In
 * a cloze the language model's own head answers, so it is treated as the head is.
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
