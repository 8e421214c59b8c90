import { ShapeError, type Tensors } from '@attune/base';
import * as tf from '@tensorflow/tfjs-core';
import type { ForwardContext, Hooks, LinearHook } from '../../contracts/model.ts';
import { parameter } from './parameters.ts';

/** One linear layer: where its parameters are, how they are stored, and what goes through. */
interface LinearCall {
  /** Module path; the parameters are `${name}.weight` [outputSize, inputSize] and `${name}.bias` [outputSize]. */
  readonly name: string;
  /** The weight is [inputSize, outputSize], as GPT-2 stores it. */
  readonly fanInFanOut?: boolean;
  /** Whether there is a bias; true when absent. */
  readonly bias?: boolean;
  /** [rows, inputSize] */
  readonly input: tf.Tensor2D;
  readonly parameters: Tensors;
}

/**
 * y = x Wᵀ + b, with PyTorch's orientation of W.
 *
 * @returns [rows, outputSize]
 * @throws ShapeError when the input's last dimension differs from W's
 */
export function linear({ name, input, parameters, fanInFanOut = false, bias = true }: LinearCall): tf.Tensor2D {
  const weight = parameter<tf.Tensor2D>(parameters, `${name}.weight`);
  const inputSize = weight.shape[fanInFanOut ? 0 : 1];
  if (input.shape[1] !== inputSize) {
    throw new ShapeError(
      `linear ${name}: input [${input.shape.join(', ')}] does not fit weight [${weight.shape.join(', ')}]; ` +
        `last dimension must be ${inputSize}`,
    );
  }
  const product = tf.matMul<tf.Tensor2D>(input, weight, false, !fanInFanOut);
  return bias ? tf.add<tf.Tensor2D>(product, parameter(parameters, `${name}.bias`)) : product;
}

/**
 * A linear projection that a method can reach: see `Hooks.linear`. The hook's two parts both see the input as the model
 * has it.
 *
 * @returns [rows, outputSize]
 * @throws ShapeError when a part of the hook returns another shape than it was given
 */
export function hookedLinear(
  call: LinearCall & {
    readonly hooks: Hooks;
    readonly context: ForwardContext;
    /** See `LinearInputCall.site`; the name when absent, for a projection that is applied once. */
    readonly site?: string;
  },
): tf.Tensor2D {
  const { name, site = name, input, parameters, hooks, context } = call;
  const hook = linearHookAt(hooks, name);
  if (hook === undefined) return linear(call);
  const seen = { name, site, input, parameters, context };
  const changed = hook.input?.(seen) ?? input;
  requireSameShape(`linear input hook at ${name}`, changed, input);
  const output = linear({ ...call, input: changed as tf.Tensor2D });
  const replaced = hook.output?.({ ...seen, output }) ?? output;
  requireSameShape(`linear output hook at ${name}`, replaced, output);
  return replaced as tf.Tensor2D;
}

/** The hook that may change, or wants to see, what this projection gets or gives; undefined where no method reaches. */
export function linearHookAt({ linear: hook }: Hooks, name: string): LinearHook | undefined {
  return hook?.targets === undefined || hook.targets.has(name) ? hook : undefined;
}

/**
 * Holds a hook to its promise: it may change values, never shapes.
 *
 * @throws ShapeError when it gave another shape than it was given
 */
export function requireSameShape(where: string, given: tf.Tensor, expected: tf.Tensor): void {
  if (given.shape.join() !== expected.shape.join()) {
    throw new ShapeError(
      `${where}: expected shape [${expected.shape.join(', ')}], got [${given.shape.join(', ')}]; ` +
        'a hook returns the shape it was given',
    );
  }
}
