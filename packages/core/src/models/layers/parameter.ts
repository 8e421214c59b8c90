import type * as tf from '@tensorflow/tfjs-core';
import type { Tensors } from '../../contracts/tensors.ts';
import { ConfigError, nearestNames } from '../../errors.ts';

/** @throws ConfigError when the map has no such name; nearest names are offered */
export function parameter<T extends tf.Tensor>(parameters: Tensors, name: string): T {
  const tensor = parameters.get(name);
  if (tensor === undefined) {
    const near = nearestNames(name, [...parameters.keys()]);
    const hint = near.length === 0 ? '' : `; the nearest names there are ${near.join(', ')}`;
    throw new ConfigError(`parameter map: no "${name}" among ${parameters.size} tensors${hint}`);
  }
  return tensor as T;
}
