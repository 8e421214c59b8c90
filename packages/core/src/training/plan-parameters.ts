import type { Attachment } from '../contracts/method.ts';
import type { Model, ParameterRole, ParameterSpec } from '../contracts/model.ts';
import type { Objective } from '../objectives/objective.ts';

/** The parameters of one attached model under one objective, split by what trains. */
export interface ParameterPlan {
  readonly trainable: readonly ParameterSpec[];
  readonly frozen: readonly ParameterSpec[];
  /** Layers below it have frozen parameters only, and so run without dropout. */
  readonly firstNoisyLayer: number;
}

/**
 * Backbone parameters the objective reads, its head, and the method's adapters, in that order, split by the method's
 * predicate.
 */
export function planParameters(call: {
  readonly model: Model;
  readonly objective: Objective;
  readonly attachment: Attachment;
}): ParameterPlan {
  const { model, objective, attachment } = call;
  const backbone = model.parameters.filter(({ role }) => !objective.unusedRoles.includes(role));
  const all = [...backbone, ...objective.parameters, ...attachment.parameters];
  const trainable = all.filter(attachment.isTrainable);
  return {
    trainable,
    frozen: all.filter((spec) => !attachment.isTrainable(spec)),
    firstNoisyLayer: Math.min(model.numLayers, ...trainable.map((spec) => lowestLayer(spec, model.numLayers))),
  };
}

const aboveLayers: readonly ParameterRole[] = ['final-norm', 'pooler', 'lm-head', 'classifier'];

/** The lowest layer whose output a parameter changes; heads change none. */
function lowestLayer({ role, layer }: ParameterSpec, numLayers: number): number {
  if (aboveLayers.includes(role)) return numLayers;
  // Embeddings, and adapters that belong to no layer, act from the bottom.
  return layer ?? 0;
}
