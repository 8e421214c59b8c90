import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers';
import { type HostTensor, type HostTensors, hostTensor, type RandomSource, type Tensors } from '@attune/base';
import { fromTensor, toTensor, toTensors } from '@attune/core';

// Registers the gradients of kernels.

/** A function, where to check its gradients, and how closely. */
interface GradientCheck {
  /** A scalar function of named tensors. For a layer: a random weighting of its output, so that errors cannot cancel. */
  readonly loss: (tensors: Tensors) => tf.Scalar;
  /** Where to check. Each name is checked by itself, so that a small gradient cannot hide behind a large one. */
  readonly values: HostTensors;
  readonly random: RandomSource;
  /** Random directions for each name; 2 when absent. */
  readonly directions?: number;
  /** Half the distance of the two points of a central difference; 1e-3 when absent. */
  readonly step?: number;
  /** Allowed difference relative to the larger of the two slopes; 1e-2 when absent. */
  readonly tolerance?: number;
}

/**
 * Compares TensorFlow.js's gradients with central differences, (f(x + h·d) − f(x − h·d)) / 2h, along random normal
 * directions d, in float32 on the cpu backend. Beside the relative tolerance the rounding of f itself is allowed
 * for: 8 units in the last place of f, divided by h.
 *
 * @throws Error naming each tensor and direction whose slopes differ, with both slopes
 */
export async function checkGradients(check: GradientCheck): Promise<void> {
  await tf.setBackend('cpu');
  const { step = 1e-3, tolerance = 1e-2, directions = 2 } = check;
  const gradients = gradientsOf(check);
  const problems: string[] = [];
  for (const [name, value] of check.values) {
    for (let index = 0; index < directions; index++) {
      const direction = randomDirection(value, check.random.fork(name).fork(index));
      const analytic = dot(gradients.get(name)!, direction);
      const above = lossAt(check, { name, value: moved(value, direction, step) });
      const below = lossAt(check, { name, value: moved(value, direction, -step) });
      const numeric = (above - below) / (2 * step);
      const rounding = (8 * 2 ** -24 * Math.max(Math.abs(above), Math.abs(below))) / step;
      const bound = tolerance * Math.max(Math.abs(analytic), Math.abs(numeric)) + rounding;
      if (!(Math.abs(analytic - numeric) <= bound)) {
        problems.push(`${name}, direction ${index}: gradient gives ${analytic}, central difference ${numeric}`);
      }
    }
  }
  if (problems.length > 0) throw new Error(`gradients differ:\n${problems.join('\n')}`);
}

function gradientsOf({ loss, values }: GradientCheck): HostTensors {
  return inScope(() => {
    const names = [...values.keys()];
    const inputs = names.map((name) => toTensor(values.get(name)!));
    const gradient = tf.grads((...tensors: tf.Tensor[]) =>
      loss(new Map(names.map((name, index) => [name, tensors[index]!]))),
    );
    const results = gradient(inputs);
    return new Map(names.map((name, index) => [name, fromTensor(results[index]!)]));
  });
}

function lossAt(
  { loss, values }: GradientCheck,
  change: { readonly name: string; readonly value: HostTensor },
): number {
  return inScope(() => fromTensor(loss(toTensors(new Map(values).set(change.name, change.value)))).data[0]!);
}

/** Runs and disposes every tensor made, whatever is returned or thrown. */
function inScope<T>(run: () => T): T {
  tf.engine().startScope();
  try {
    return run();
  } finally {
    tf.engine().endScope();
  }
}

function randomDirection({ shape, data }: HostTensor, random: RandomSource): HostTensor {
  return hostTensor(
    shape,
    Float32Array.from(data, () => random.normal()),
  );
}

function moved({ shape, data }: HostTensor, direction: HostTensor, by: number): HostTensor {
  return hostTensor(
    shape,
    Float32Array.from(data, (value, index) => value + by * direction.data[index]!),
  );
}

function dot(left: HostTensor, right: HostTensor): number {
  return Array.from(left.data).reduce((sum, value, index) => sum + value * right.data[index]!, 0);
}
