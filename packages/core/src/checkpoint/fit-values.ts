import type { Model, ParameterRole, ParameterSpec } from '../contracts/model.ts';
import type { HostTensor, HostTensors } from '../contracts/tensors.ts';
import { ConfigError } from '../errors.ts';
import type { RandomSource } from '../random/random-source.ts';
import { initializeParameters } from '../tensor/initialize-parameters.ts';

/** Parts that many checkpoints come without; a fresh one is as good as none for what does not use it. */
const optionalRoles: readonly ParameterRole[] = ['pooler', 'lm-head'];
const shownMismatches = 10;

export interface FittedValues {
  /** One tensor per parameter of the model, in its order. */
  readonly values: HostTensors;
  /** What was done besides reading: parts initialised, tensors not used. */
  readonly notes: readonly string[];
}

/**
 * The values of a model's parameters among a checkpoint's tensors. A pooler or language-model head that is missing
 * as a whole is initialised from `random`.
 *
 * @param stored  tensors under the model's names
 * @param where   names the checkpoint in messages
 * @throws ConfigError naming every tensor that is missing, has another shape or is of a layer the model lacks, the
 *   first ten
 */
export function fitValues(call: {
  readonly model: Model;
  readonly stored: HostTensors;
  readonly random: RandomSource;
  readonly where: string;
}): FittedValues {
  const { model, stored } = call;
  const absent = optionalRoles.filter((role) => isAbsent(model.parameters, role, stored));
  const fresh = model.parameters.filter(({ role }) => absent.includes(role));
  const expected = model.parameters.filter(({ role }) => !absent.includes(role));
  refuseMismatches({ expected, stored, surplus: surplusLayers(model.parameters, stored), where: call.where });
  const values = new Map([...stored, ...initializeParameters(fresh, call.random)]);
  const names = new Set(model.parameters.map(({ name }) => name));
  const unused = [...stored.keys()].filter((name) => !names.has(name));
  return {
    values: new Map([...names].map((name) => [name, values.get(name)!])),
    notes: [
      ...absent.map((role) => `${role}: not in the checkpoint, initialised from the seed`),
      ...(unused.length === 0 ? [] : [`not used by the model: ${unused.join(', ')}`]),
    ],
  };
}

function isAbsent(specs: readonly ParameterSpec[], role: ParameterRole, stored: HostTensors): boolean {
  const own = specs.filter((spec) => spec.role === role);
  return own.length > 0 && own.every(({ name }) => !stored.has(name));
}

/**
 * Stored tensors of layers that the model does not have: named like one of its parameters but for the layer's number.
 * A config with too few layers would otherwise load, and compute something else.
 */
function surplusLayers(specs: readonly ParameterSpec[], stored: HostTensors): string[] {
  const anyLayer = (name: string) => name.replace(/\.\d+\./g, '.*.');
  const names = new Set(specs.map(({ name }) => name));
  const shapes = new Set(specs.filter(({ layer }) => layer !== undefined).map(({ name }) => anyLayer(name)));
  return [...stored].flatMap(([name, { dtype, shape }]) =>
    !names.has(name) && shapes.has(anyLayer(name))
      ? [`${name}: expected nothing, got ${dtype} [${shape.join(', ')}]`]
      : [],
  );
}

function refuseMismatches(call: {
  readonly expected: readonly ParameterSpec[];
  readonly stored: HostTensors;
  readonly surplus: readonly string[];
  readonly where: string;
}): void {
  const { expected, stored, surplus, where } = call;
  const mismatches = [...expected.flatMap((spec) => mismatch(spec, stored.get(spec.name))), ...surplus];
  if (mismatches.length === 0) return;
  const rest = mismatches.length - shownMismatches;
  const total = expected.length + surplus.length;
  throw new ConfigError(
    [
      `${where}: config.json does not fit the weights; ${mismatches.length} of ${total} tensors differ`,
      ...mismatches.slice(0, shownMismatches).map((line) => `  ${line}`),
      ...(rest > 0 ? [`  and ${rest} more`] : []),
    ].join('\n'),
  );
}

function mismatch({ name, shape }: ParameterSpec, given: HostTensor | undefined): string[] {
  const expected = `expected float32 [${shape.join(', ')}]`;
  if (given === undefined) return [`${name}: ${expected}, got nothing`];
  if (given.dtype === 'float32' && given.shape.join() === shape.join()) return [];
  return [`${name}: ${expected}, got ${given.dtype} [${given.shape.join(', ')}]`];
}
