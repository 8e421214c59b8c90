import { type HostTensor, type HostTensors, hostTensor } from '@attune/base';
import { type Model, modelFamily, type SequenceHeadKind } from '@attune/core';
import { areDefaultLabels, type DeclaredHead } from './declared-head.ts';
import { outputParameters } from './stored-head.ts';

/** A loaded checkpoint, and the head that a task wants on it. */
export interface FitHeadCall {
  /** `LoadedModel`, or what takes its values' place. */
  readonly loaded: {
    readonly model: Model;
    readonly values: HostTensors;
    readonly config: Readonly<Record<string, unknown>>;
    readonly head?: DeclaredHead & { readonly parameters: readonly string[] };
  };
  readonly kind: SequenceHeadKind;
  /** Of a classification's outputs, in the order that the task has them. */
  readonly labels: readonly string[];
}

/** Values to start from: with the checkpoint's head where it is the one that is wanted, else without it. */
export interface FittedHead {
  readonly values: HostTensors;
  /** Says whether the checkpoint's head is used; empty where it has none. */
  readonly notes: readonly string[];
}

/**
 * Uses a checkpoint's head for a task, if it is of that kind and has the task's labels: the same names in any order and
 * case, whose rows are put into the task's order, or as many made-up ones (LABEL_0, ...). Any other head is left out of
 * the values, so that a new one is drawn.
 */
export function fitHead({ loaded, kind, labels }: FitHeadCall): FittedHead {
  const { model, values, head } = loaded;
  if (head === undefined || !head.parameters.every((name) => values.has(name))) return { values, notes: [] };
  const order = outputOrder(loaded, { kind, labels });
  const own = `the checkpoint's ${head.kind} head (${head.labels.join(', ')})`;
  if (order === undefined) {
    const wanted = kind === 'choice' ? 'a choice' : `the labels ${labels.join(', ')}`;
    const others = [...values.keys()].filter((name) => !head.parameters.includes(name));
    return {
      values: new Map(others.map((name) => [name, values.get(name)!])),
      notes: [`${own} is not used: it does not fit ${wanted}; a new one is drawn from the seed`],
    };
  }
  const outputs = new Set(outputParameters(model, head.kind));
  const isInOrder = order.every((from, to) => from === to);
  const fitted = head.parameters
    .filter((name) => outputs.has(name) && !isInOrder)
    .map((name) => [name, withRows(values.get(name)!, order)] as const);
  return {
    values: fitted.length === 0 ? values : new Map([...values, ...fitted]),
    notes: [`${own} is used${kind === 'choice' ? '' : `, for the labels ${labels.join(', ')}`}`],
  };
}

/** Which of the head's outputs stands for each wanted one; undefined where it is no such head. */
function outputOrder(
  { config, head }: FitHeadCall['loaded'],
  { kind, labels }: Pick<FitHeadCall, 'kind' | 'labels'>,
): number[] | undefined {
  if (kind === 'choice') return isChoice(head!, config) ? [0] : undefined;
  if (head!.kind !== 'classification' || head!.problemType === 'multi_label_classification') return undefined;
  if (head!.labels.length !== labels.length) return undefined;
  if (areDefaultLabels(head!.labels)) return labels.map((_, output) => output);
  const own = head!.labels.map((label) => label.toLowerCase());
  const order = labels.map((label) => own.indexOf(label.toLowerCase()));
  return order.includes(-1) || new Set(order).size < order.length ? undefined : order;
}

/** A decoder's choice is a classification of one output. */
function isChoice(head: DeclaredHead, config: FitHeadCall['loaded']['config']): boolean {
  if (head.kind === 'choice') return true;
  const { architectures } = modelFamily(config, 'config.json');
  return head.labels.length === 1 && architectures.choice === architectures.classification;
}

/** Rows of a matrix, or elements of a vector, in another order. */
function withRows({ data, shape }: HostTensor, order: readonly number[]): HostTensor {
  const width = data.length / shape[0]!;
  const rows = new Float32Array(data.length);
  for (const [to, from] of order.entries()) rows.set(data.subarray(from * width, (from + 1) * width), to * width);
  return hostTensor(shape, rows);
}
