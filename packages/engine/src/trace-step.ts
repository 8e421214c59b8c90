import {
  type HostTensors,
  type NoiseRequest,
  ShapeError,
  type StepDefinition,
  type StepResult,
  type Tensors,
  TraceError,
} from '@attune/base';
import { type Graph, type InputSpec, trace } from '@attune/graph';
import * as tf from '@tensorflow/tfjs-core';
import { checkHostTensor, type TensorType, typeText } from './host-tensor.ts';

/** Kinds of graph inputs; a graph input's name is "<kind>:<name>". */
type InputKind = 'state' | 'frozen' | 'batch' | 'noise';

/** A step's graph, and its noise. */
export interface TracedStep {
  readonly graph: Graph;
  /** What each noise input was asked for with, by site. */
  readonly noise: ReadonlyMap<string, NoiseRequest>;
}

/** Shapes and dtypes of what the stores hold. */
export interface StepTypes {
  readonly state: ReadonlyMap<string, TensorType>;
  readonly frozen: ReadonlyMap<string, TensorType>;
}

/**
 * Records a step for one set of batch shapes. Graph outputs are "next:<name>" for the state that the function
 * replaces and "output:<name>" for what goes to the host.
 *
 * @throws TraceError see `trace`
 * @throws ShapeError when a new state value does not have the old one's shape and dtype
 */
export function traceStep(
  definition: Pick<StepDefinition, 'name' | 'run'>,
  types: StepTypes,
  batch: HostTensors,
): TracedStep {
  const requests = new Map<string, NoiseRequest>();
  const inputs = [...specs('state', types.state), ...specs('frozen', types.frozen), ...specs('batch', batch)];
  const graph = trace(({ inputs: given, declare }) => {
    const group = (kind: InputKind, names: Iterable<string>): Tensors =>
      new Map([...names].map((name) => [name, given.get(`${kind}:${name}`)!]));
    const result = definition.run({
      state: group('state', types.state.keys()),
      frozen: group('frozen', types.frozen.keys()),
      batch: group('batch', batch.keys()),
      noise: (request) => {
        rememberNoise(definition.name, requests, request);
        return declare({ name: `noise:${request.site}`, shape: request.shape, dtype: 'float32' });
      },
    });
    checkNewState(definition.name, result, types.state);
    return namedOutputs(result);
  }, inputs);
  return { graph, noise: requests };
}

/** Names of the batch tensors with their shapes, so that equal keys mean equal graphs. */
export function batchKey(batch: HostTensors): string {
  return [...batch].map(([name, tensor]) => `${name} ${typeText(tensor)}`).join('; ');
}

/** @throws ShapeError when a batch tensor's data does not fit its shape */
export function checkBatch(step: string, batch: HostTensors): void {
  for (const [name, tensor] of batch) {
    checkHostTensor(`step "${step}": batch "${name}"`, tensor);
  }
}

/** One site is one mask: asking again must ask for the same. @throws TraceError otherwise */
export function rememberNoise(step: string, requests: Map<string, NoiseRequest>, request: NoiseRequest): void {
  const known = requests.get(request.site);
  if (known !== undefined && (known.rate !== request.rate || known.shape.join() !== request.shape.join())) {
    throw new TraceError(
      `step "${step}": noise site "${request.site}" was asked for twice, ` +
        `as ${noiseText(known)} and as ${noiseText(request)}; give each its own name`,
    );
  }
  requests.set(request.site, request);
}

/** @throws ShapeError when new state has an unknown name or another shape or dtype than the old */
export function checkNewState(step: string, { state }: StepResult, types: ReadonlyMap<string, TensorType>): void {
  for (const [name, tensor] of state ?? []) {
    const expected = types.get(name);
    if (expected === undefined) {
      throw new ShapeError(`step "${step}": returned state "${name}", which its store does not have`);
    }
    const given = `${tensor.dtype}[${tensor.shape.join(', ')}]`;
    if (given !== typeText(expected)) {
      throw new ShapeError(`step "${step}": state "${name}" is ${typeText(expected)}, the step returned ${given}`);
    }
  }
}

function namedOutputs({ state, outputs }: StepResult): Tensors {
  // The host knows float32 and int32; a bool output reaches it as 0 and 1.
  const host = (tensor: tf.Tensor): tf.Tensor => (tensor.dtype === 'bool' ? tf.cast(tensor, 'int32') : tensor);
  return new Map([
    ...[...(state ?? [])].map(([name, tensor]) => [`next:${name}`, tensor] as const),
    ...[...outputs].map(([name, tensor]) => [`output:${name}`, host(tensor)] as const),
  ]);
}

function specs(kind: InputKind, types: ReadonlyMap<string, TensorType>): InputSpec[] {
  return [...types].map(([name, { shape, dtype }]) => ({ name: `${kind}:${name}`, shape, dtype }));
}

function noiseText({ shape, rate }: NoiseRequest): string {
  return `[${shape.join(', ')}] at rate ${rate}`;
}
