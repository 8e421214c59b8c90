import { ConfigError, type HostTensor, type HostTensors } from '@attune/base';
import type { PeftCall } from '../contracts/method.ts';
import type { Model, ParameterSpec, SequenceHeadKind } from '../contracts/model.ts';

/** What stands before each name in `adapter_model.safetensors`; written and taken off in this file alone. */
const prefix = 'base_model.model.';

/** What an adapter of Hugging Face PEFT holds: tensors of a method, and of the head that was trained beside it. */
export interface PeftLayout {
  /** Expected shape by name, without PEFT's prefix; a `null` dimension may have any size. */
  readonly shapes: ReadonlyMap<string, readonly (number | null)[]>;
  readonly head?: PeftHead;
}

/** A head among the tensors of an adapter. */
interface PeftHead {
  readonly kind: SequenceHeadKind;
  /** First parts of its parameters' names, as PEFT's `modules_to_save` has them. */
  readonly modules: readonly string[];
}

/**
 * What an adapter must hold that has some of a head's tensors, or none.
 *
 * @param call.adapter  the method's parameters
 * @param call.names    names that are there, with PEFT's prefix or without
 * @param call.kind     which head, where a family has one name for both; a classification when absent
 */
export function peftLayout(call: {
  readonly model: Model;
  readonly adapter: readonly ParameterSpec[];
  readonly names: Iterable<string>;
  readonly kind?: SequenceHeadKind | undefined;
}): PeftLayout {
  const own = call.adapter.map(({ name, shape }) => [name, shape] as const);
  const head = headAmong(call.model, new Set([...call.names].map(withoutPrefix)), call.kind);
  if (head === undefined) return { shapes: new Map(own) };
  return { shapes: new Map([...own, ...head.shapes]), head: { kind: head.kind, modules: head.modules } };
}

/**
 * Tensors under the names of `adapter_model.safetensors`, exactly those that the layout has; others are left out.
 *
 * @param where  method and function, which messages start with
 * @throws ConfigError listing every missing and mis-shaped tensor
 */
export function toPeftTensors(values: HostTensors, { shapes }: PeftLayout, where: string): HostTensors {
  refuse(
    [...shapes].flatMap(([name, shape]) => shapeProblem(name, shape, values.get(name))),
    where,
  );
  return new Map([...shapes.keys()].map((name) => [`${prefix}${name}`, values.get(name)!]));
}

/**
 * Tensors of `adapter_model.safetensors` under our names, exactly those that the layout has.
 *
 * @throws ConfigError listing every missing, unexpected and mis-shaped tensor, named as in the file
 */
export function fromPeftTensors(tensors: HostTensors, { shapes }: PeftLayout, where: string): HostTensors {
  const expected = new Map([...shapes].map(([name, shape]) => [`${prefix}${name}`, shape]));
  const unexpected = [...tensors.keys()].filter((name) => !expected.has(name));
  const misfits = [...expected].flatMap(([name, shape]) => shapeProblem(name, shape, tensors.get(name)));
  refuse([...misfits, ...unexpected.map((name) => `unexpected ${name}`)], where);
  return new Map([...expected.keys()].map((name) => [withoutPrefix(name), tensors.get(name)!]));
}

/**
 * The text of `adapter_config.json`: fields of a method, and those that every method has; sorted, indented by two.
 *
 * @param fields  under PEFT's names, `peft_type` among them
 */
export function peftConfigText(
  fields: Readonly<Record<string, unknown>>,
  { head, baseModel, revision }: Pick<PeftCall, 'baseModel' | 'revision'> & Pick<PeftLayout, 'head'>,
): string {
  const isClassification = head?.kind === 'classification';
  const config: Record<string, unknown> = {
    auto_mapping: null,
    inference_mode: true,
    ...fields,
    base_model_name_or_path: baseModel ?? null,
    // PEFT adds these two for a classification, which it knows; of others it must be told every module.
    modules_to_save: isClassification ? ['classifier', 'score'] : (head?.modules ?? null),
    revision: revision ?? null,
    task_type: isClassification ? 'SEQ_CLS' : null,
  };
  const sorted = Object.fromEntries(Object.entries(config).sort(([a], [b]) => (a < b ? -1 : 1)));
  return `${JSON.stringify(sorted, null, 2)}\n`;
}

const withoutPrefix = (name: string) => (name.startsWith(prefix) ? name.slice(prefix.length) : name);

function refuse(problems: readonly string[], where: string): void {
  if (problems.length > 0) throw new ConfigError(problems.map((problem) => `${where}: ${problem}`).join('\n'));
}

function shapeProblem(name: string, shape: readonly (number | null)[], given: HostTensor | undefined): string[] {
  const wanted = `[${shape.map((size) => size ?? 'any').join(', ')}]`;
  if (given === undefined) return [`missing ${name} ${wanted}`];
  const fits =
    given.shape.length === shape.length &&
    shape.every((size, axis) => (size ?? given.shape[axis]) === given.shape[axis]);
  return fits ? [] : [`mis-shaped ${name}: expected ${wanted}, got [${given.shape.join(', ')}]`];
}

interface HeadShapes extends PeftHead, Pick<PeftLayout, 'shapes'> {}

/** The head that some names are of, in full or in part; where both heads have the same names, the one of `kind`. */
function headAmong(
  model: Model,
  given: ReadonlySet<string>,
  kind: SequenceHeadKind | undefined,
): HeadShapes | undefined {
  const heads = (kind === undefined ? (['classification', 'choice'] as const) : [kind]).map((each) =>
    headShapes(model, each),
  );
  const counts = heads.map(({ shapes }) => [...shapes.keys()].filter((name) => given.has(name)).length);
  // A choice may have a part of a classification's names, or more: what is all there, and else what is most there.
  const whole = heads.findIndex(({ shapes }, index) => counts[index] === shapes.size);
  const most = counts.indexOf(Math.max(...counts));
  return Math.max(...counts) === 0 ? undefined : heads[whole === -1 ? most : whole];
}

/** The number of outputs may be any. */
function headShapes(model: Model, kind: SequenceHeadKind): HeadShapes {
  const [one, two] = [1, 2].map((numOutputs) => model.sequenceHead(kind, numOutputs).parameters);
  const shapes = one!.map(({ name, shape }, index) => {
    const other = two![index]!.shape;
    return [name, shape.map((size, axis) => (size === other[axis] ? size : null))] as const;
  });
  const modules = [...new Set(shapes.map(([name]) => name.split('.', 1)[0]!))];
  return { kind, shapes: new Map(shapes), modules };
}
