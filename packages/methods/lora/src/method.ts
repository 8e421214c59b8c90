import { type FineTuningMethod, initializeParameters, type LinearHook, parameter } from '@attune/core';
import type * as tf from '@tensorflow/tfjs-core';
import { loraLinear, loraNames, loraParameters } from './lora-linear.ts';
import { mergeLora } from './merge.ts';
import { toPeft } from './peft/peft.ts';
import { type LoraSettings, loraScaling, loraSettings, targetProjections } from './settings.ts';

/** LoRA: linear projections of a frozen model get trainable low-rank updates; the classification head trains too. */
export const lora: FineTuningMethod<LoraSettings> = {
  name: 'lora',
  settings: loraSettings,
  attach({ model, settings, random }) {
    const targets = targetProjections(model, settings.targetModules);
    const scaling = loraScaling(settings);
    const parameters = loraParameters(targets, settings.rank);
    return {
      parameters,
      initialValues: () => initializeParameters(parameters, random),
      isTrainable: ({ role }) => role === 'adapter' || role === 'classifier',
      hooks: {
        linear: { targets: new Set(targets.map(({ name }) => name)), output: addUpdate(settings.dropout, scaling) },
      },
      numVirtualTokens: 0,
      unchangedAtStart: true,
      merge: (values) => mergeLora({ values, targets, scaling }),
      toPeft: (call) => toPeft({ model, settings, ...call }),
    };
  },
};

function addUpdate(dropout: number, scaling: number): NonNullable<LinearHook['output']> {
  return ({ name, site, input, output, parameters, context }) => {
    const { loraA, loraB } = loraNames(name);
    return loraLinear({
      x: input,
      output,
      loraA: parameter<tf.Tensor2D>(parameters, loraA),
      loraB: parameter<tf.Tensor2D>(parameters, loraB),
      scaling,
      ...(context.training && dropout > 0
        ? { mask: context.noise({ site: `${site}.lora_dropout`, shape: input.shape, rate: dropout }) }
        : {}),
    });
  };
}
