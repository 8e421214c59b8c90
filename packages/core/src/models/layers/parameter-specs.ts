import type { Initializer, ParameterRole, ParameterSpec } from '../../contracts/model.ts';

/** Where in a model a parameter belongs. */
export interface Place {
  readonly role: ParameterRole;
  readonly layer?: number;
}

/** One matrix or table, which weight decay applies to. */
export function tableSpec(
  name: string,
  shape: readonly number[],
  initializer: Initializer,
  place: Place,
): ParameterSpec {
  return { name, shape, initializer, decay: true, ...place };
}

/** One vector, which weight decay leaves alone. */
export function vectorSpec(name: string, size: number, kind: 'zeros' | 'ones', place: Place): ParameterSpec {
  return { name, shape: [size], initializer: { kind }, decay: false, ...place };
}

/** Weight [outputSize, inputSize] and bias of a linear layer. */
export function denseSpecs(
  name: string,
  shape: readonly [outputSize: number, inputSize: number],
  initializer: Initializer,
  place: Place,
): ParameterSpec[] {
  return [tableSpec(`${name}.weight`, shape, initializer, place), vectorSpec(`${name}.bias`, shape[0], 'zeros', place)];
}

/** Weight and bias of a layer norm. */
export function normSpecs(name: string, size: number, place: Place): ParameterSpec[] {
  return [vectorSpec(`${name}.weight`, size, 'ones', place), vectorSpec(`${name}.bias`, size, 'zeros', place)];
}
