import { ConfigError } from '@attune/base';
import type { Model, ParameterRole, ParameterSpec } from '@attune/core';

/** Parts that many checkpoints lack. What reads them trains them, so they may be drawn anew; nothing else notices. */
const optionalRoles: readonly ParameterRole[] = ['pooler', 'lm-head'];
const shownMismatches = 10;

/** What is known of a tensor before it is read. */
interface TensorType {
  /** `float32`, `int64`, … */
  readonly dtype: string;
  readonly shape: readonly number[];
}

interface Fit {
  /** Parameters that the checkpoint has. */
  readonly found: readonly ParameterSpec[];
  /** Parameters to initialise: those of a pooler or language-model head that is missing as a whole. */
  readonly fresh: readonly ParameterSpec[];
  /** What a reader should know: parts to be initialised, tensors not used. */
  readonly notes: readonly string[];
}

/**
 * Finds a model's parameters among a checkpoint's tensors.
 *
 * @param stored  tensors under the model's names
 * @param dtypes  'any' where values are cast when they are read; otherwise they must be float32
 * @param where   names the checkpoint in messages
 * @throws ConfigError naming every tensor that is missing, has another shape or is of a layer the model lacks, the
 *   first ten
 */
export function fitParameters(call: {
  readonly model: Pick<Model, 'parameters'>;
  readonly stored: ReadonlyMap<string, TensorType>;
  readonly dtypes: 'any' | 'float32';
  readonly where: string;
}): Fit {
  const { model, stored } = call;
  const absent = optionalRoles.filter((role) => isAbsent(model.parameters, role, stored));
  const found = model.parameters.filter(({ role }) => !absent.includes(role));
  refuseMismatches({ ...call, expected: found, surplus: surplusLayers(model.parameters, stored) });
  const names = new Set(model.parameters.map(({ name }) => name));
  // Integers and truth values are never weights: older checkpoints have position ids.
  const unused = [...stored].filter(([name, { dtype }]) => !names.has(name) && dtype.includes('float'));
  return {
    found,
    fresh: model.parameters.filter(({ role }) => absent.includes(role)),
    notes: [
      ...absent.map((role) => `${role}: not in the checkpoint, initialised from the seed`),
      ...(unused.length === 0 ? [] : [`not used by the model: ${unused.map(([name]) => name).join(', ')}`]),
    ],
  };
}

function isAbsent(specs: readonly ParameterSpec[], role: ParameterRole, stored: ReadonlyMap<string, unknown>): boolean {
  const own = specs.filter((spec) => spec.role === role);
  return own.length > 0 && own.every(({ name }) => !stored.has(name));
}

/**
 * Stored tensors of layers that the model does not have: named like one of its parameters but for the layer's number.
 * A config with too few layers would otherwise load, and compute something else.
 */
function surplusLayers(specs: readonly ParameterSpec[], stored: ReadonlyMap<string, TensorType>): string[] {
  const anyLayer = (name: string) => name.replace(/\.\d+\./g, '.*.');
  const names = new Set(specs.map(({ name }) => name));
  const shapes = new Set(specs.filter(({ role }) => role === 'encoder').map(({ name }) => anyLayer(name)));
  return [...stored].flatMap(([name, { dtype, shape }]) =>
    !names.has(name) && shapes.has(anyLayer(name))
      ? [`${name}: expected nothing, got ${dtype} [${shape.join(', ')}]`]
      : [],
  );
}

function refuseMismatches(call: {
  readonly expected: readonly ParameterSpec[];
  readonly stored: ReadonlyMap<string, TensorType>;
  readonly surplus: readonly string[];
  readonly dtypes: 'any' | 'float32';
  readonly where: string;
}): void {
  const { expected, stored, surplus, dtypes, where } = call;
  const mismatches = [...expected.flatMap((spec) => mismatch(spec, stored.get(spec.name), dtypes)), ...surplus];
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

function mismatch({ name, shape }: ParameterSpec, given: TensorType | undefined, dtypes: 'any' | 'float32'): string[] {
  const expected = `expected float32 [${shape.join(', ')}]`;
  if (given === undefined) return [`${name}: ${expected}, got nothing`];
  if ((dtypes === 'any' || given.dtype === dtypes) && given.shape.join() === shape.join()) return [];
  return [`${name}: ${expected}, got ${given.dtype} [${given.shape.join(', ')}]`];
}
