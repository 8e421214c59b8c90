import type { HostTensor, HostTensors, RandomSource } from '@attune/base';
import { initializeParameters, type Model, type ModelConfig, type ModelFamily, type ParameterSpec } from '@attune/core';
import { fitParameters } from '../fit-values.ts';
import { type DeclaredHead, declaredHead } from '../head/declared-head.ts';
import { headParameters } from '../head/stored-head.ts';
import { dtypeName, isWeightDtype, type StoredTensor, type WeightDtype } from '../stored-tensor.ts';
import { KeptTensors } from './kept-tensors.ts';
import { openWeights } from './weights/open-weights.ts';
import { type NarrowTensor, readFloats, readNarrow } from './weights/read-tensor.ts';
import { byCanonicalName, resolveAliases } from './weights/resolve-aliases.ts';
import { castNotes, finiteNotes } from './weights/weight-notes.ts';
import type { WeightsLayout } from './weights/weights-file.ts';

/**
 * Whether 16-bit floats are widened to float32 as they are read, or stay as they are until they are used. Any other dtype
 * is cast to float32.
 */
export type Precision = 'widened' | 'kept';

/** The model that a config.json describes, and the files that have its parameters. */
interface LoadWeightsCall {
  readonly directory: string;
  readonly layout: WeightsLayout;
  readonly model: Model;
  readonly config: ModelConfig;
  readonly family: ModelFamily;
  /** Path of config.json. */
  readonly configFile: string;
  /** Source of the parts that the checkpoint lacks. */
  readonly random: RandomSource;
  readonly precision: Precision;
}

/** A head over sequences that a checkpoint has, its values among the model's. */
interface LoadedHead extends DeclaredHead {
  /** Names of its parameters. */
  readonly parameters: readonly string[];
}

/** A model's values, and what the checkpoint had and lacked of them. */
export interface LoadedWeights {
  /** The model that was asked for, or one whose decoder is not tied where the checkpoint's is not. */
  readonly model: Model;
  readonly config: ModelConfig;
  /** One tensor per parameter of the model, in its order, and then of its head. */
  readonly values: HostTensors;
  /** The head over sequences that config.json names, where the checkpoint has it. */
  readonly head?: LoadedHead;
  /** What the file has each of them as; what was cast or initialised is F32. */
  readonly dtypes: ReadonlyMap<string, WeightDtype>;
  /** Names of the parameters that the checkpoint lacks and that were initialised. */
  readonly initialized: readonly string[];
  readonly notes: readonly string[];
}

/**
 * The values of a model's parameters. Names and shapes are checked by the headers; then each parameter is read
 * into its place, one by one, and nothing else is.
 *
 * @throws ConfigError when a file is malformed or does not fit the model
 */
export async function loadWeights(call: LoadWeightsCall): Promise<LoadedWeights> {
  const { directory, layout, random } = call;
  const { stored, notes: fileNotes, close } = await openWeights(directory, layout);
  try {
    const named = await byCanonicalName(stored, call.family, directory);
    const described = { model: call.model, config: call.config, tensors: named };
    const { model, config, tensors, notes: aliasNotes } = await resolveAliases(described, call.family, directory);
    const types = new Map([...tensors].map(([name, { dtype, shape }]) => [name, { dtype: dtypeName(dtype), shape }]));
    const head = headOf(call, model, tensors);
    const parameters = [...model.parameters, ...head.specs];
    const fit = { model: { parameters }, stored: types, dtypes: 'any', where: directory } as const;
    const { found, fresh, notes } = fitParameters(fit);
    const names = new Set(found.map(({ name }) => name));
    const wanted = new Map([...tensors].filter(([name]) => names.has(name)));
    const read = await readAll(wanted, call.precision);
    const made = initializeParameters(fresh, random);
    const values = new Map(parameters.map(({ name }) => [name, read.get(name) ?? made.get(name)!]));
    const dtypes = new Map(parameters.map(({ name }) => [name, weightDtype(tensors.get(name))]));
    return {
      ...{ model, config, values: widenedOrKept(values), dtypes, ...head.loaded },
      initialized: fresh.map(({ name }) => name),
      notes: [...fileNotes, ...aliasNotes, ...notes, ...head.notes, ...castNotes(wanted), ...finiteNotes(read)],
    };
  } finally {
    await close();
  }
}

/** The head that config.json names, if the checkpoint has any of it; the reference implementation draws one if not. */
function headOf(
  { config, family, configFile }: LoadWeightsCall,
  model: Model,
  tensors: ReadonlyMap<string, StoredTensor>,
): {
  readonly specs: readonly ParameterSpec[];
  readonly loaded: { readonly head?: LoadedHead };
  readonly notes: readonly string[];
} {
  const declared = declaredHead(config, family, configFile);
  if (declared === undefined) return { specs: [], loaded: {}, notes: [] };
  const specs = headParameters(model, declared);
  const parameters = specs.map(({ name }) => name);
  const className = family.architectures[declared.kind];
  if (!parameters.some((name) => tensors.has(name))) {
    return { specs: [], loaded: {}, notes: [`${declared.kind} head of ${className}: not in the checkpoint`] };
  }
  const outputs = declared.kind === 'choice' ? '' : ` with the labels ${declared.labels.join(', ')}`;
  const notes = [`${declared.kind} head of ${className}${outputs}: in the checkpoint`];
  return { specs, loaded: { head: { ...declared, parameters } }, notes };
}

type ReadTensor = HostTensor | NarrowTensor;

/** In the order of the files, which is the fastest one on a disk. */
async function readAll(
  wanted: ReadonlyMap<string, StoredTensor>,
  precision: Precision,
): Promise<Map<string, ReadTensor>> {
  const read = new Map<string, ReadTensor>();
  for (const [name, stored] of wanted) {
    const { dtype } = stored;
    const isKept = precision === 'kept' && (dtype === 'F16' || dtype === 'BF16');
    read.set(name, isKept ? await readNarrow({ ...stored, dtype }) : await readFloats(stored));
  }
  return read;
}

function widenedOrKept(values: ReadonlyMap<string, ReadTensor>): HostTensors {
  const isNarrow = [...values.values()].some((tensor) => 'bits' in tensor);
  return isNarrow ? new KeptTensors(values) : (values as HostTensors);
}

function weightDtype(stored: StoredTensor | undefined): WeightDtype {
  return stored !== undefined && isWeightDtype(stored.dtype) ? stored.dtype : 'F32';
}
