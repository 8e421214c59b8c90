import { sizeOf } from '@attune/graph';
import type { HostTensor, NoiseRequest, NoiseSource } from './contract.ts';
import { ConfigError, ShapeError } from './errors.ts';

/**
 * The mask a step asked for.
 *
 * @throws ConfigError when the step was run without a noise source
 * @throws ShapeError when the source gives another number of elements
 */
export function noiseMask(step: string, request: NoiseRequest, noise: NoiseSource | undefined): HostTensor {
  if (noise === undefined) {
    throw new ConfigError(`step "${step}": needs noise for site "${request.site}"; pass a noise source to run`);
  }
  const data = noise(request);
  const size = sizeOf(request.shape);
  if (data.length !== size) {
    throw new ShapeError(
      `step "${step}": noise for site "${request.site}" needs ${size} elements ` +
        `[${request.shape.join(', ')}], got ${data.length}`,
    );
  }
  return { dtype: 'float32', shape: request.shape, data };
}
