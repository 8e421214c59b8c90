import { ConfigError } from '@attune/base';
import type { Model, ModelFamily, ParameterSpec, SequenceHeadKind } from '@attune/core';
import { choiceLabels, type DeclaredHead, defaultLabels } from './declared-head.ts';

const kinds: readonly SequenceHeadKind[] = ['classification', 'choice'];

/** Parameters of a head over sequences. */
export function headParameters(model: Model, { kind, labels }: DeclaredHead): readonly ParameterSpec[] {
  return model.sequenceHead(kind, labels.length).parameters;
}

/** The parameters of a head that have a row for each output. */
export function outputParameters(model: Model, kind: SequenceHeadKind): string[] {
  const [one, two] = [model.sequenceHead(kind, 1).parameters, model.sequenceHead(kind, 2).parameters];
  return one.filter(({ shape }, place) => shape.join() !== two[place]!.shape.join()).map(({ name }) => name);
}

/** Values whose head is looked for, and what is said of it. */
interface StoredHeadCall {
  readonly model: Model;
  readonly family: ModelFamily;
  readonly stored: ReadonlyMap<string, { readonly shape: readonly number[] }>;
  /** What the caller says. */
  readonly given: GivenHead | undefined;
  /** What config.json says. */
  readonly declared: DeclaredHead | undefined;
  readonly where: string;
}

/** What is said of a head among values. */
export interface GivenHead {
  readonly kind: SequenceHeadKind;
  /** Names of a classification's outputs, in their order. */
  readonly labels?: readonly string[];
}

/**
 * The head over sequences among some values: of the kind that is said, or that its names tell; with the labels that are
 * said, or made-up ones.
 *
 * @throws ConfigError when there is part of a head, none of the kind that is said, one of two possible kinds, or another
 *   number of labels than it has outputs
 */
export function storedHead(call: StoredHeadCall): DeclaredHead | undefined {
  const { model, stored, given } = call;
  const isThere = kinds.some((kind) => namesOf(model, kind).some((name) => stored.has(name)));
  if (!isThere && given === undefined) return undefined;
  const kind = kindOf(call);
  const outputs = numOutputs(call, kind);
  if (kind === 'choice') return choice(outputs, call);
  const problemType = call.declared?.problemType;
  return { kind, labels: labelsOf(call, outputs), ...(problemType === undefined ? {} : { problemType }) };
}

function numOutputs({ model, stored }: StoredHeadCall, kind: SequenceHeadKind): number {
  return stored.get(outputParameters(model, kind)[0]!)!.shape[0]!;
}

function namesOf(model: Model, kind: SequenceHeadKind): string[] {
  return model.sequenceHead(kind, 1).parameters.map(({ name }) => name);
}

function kindOf(call: StoredHeadCall): SequenceHeadKind {
  const { model, family, stored, given, declared, where } = call;
  const whole = kinds.filter((kind) => namesOf(model, kind).every((name) => stored.has(name)));
  const asked = given === undefined ? kinds : [given.kind];
  const possible = asked.filter((kind) => whole.includes(kind));
  if (possible.length === 0) {
    const expected = new Set(asked.map((kind) => namesOf(model, kind).join(', ')));
    throw new ConfigError(`${where}: not a whole ${asked.join(' or ')} head: expected ${[...expected].join('; or ')}`);
  }
  if (possible.length === 1) return possible[0]!;
  if (declared !== undefined) return declared.kind;
  const isOneClass = family.architectures.choice === family.architectures.classification;
  if (isOneClass || numOutputs(call, 'classification') > 1) return 'classification';
  throw new ConfigError(
    `${where}: a head of one output may be a classification or a choice; say head: { kind: 'choice' } or ` +
      "{ kind: 'classification', labels: [...] }",
  );
}

function choice(outputs: number, { where }: StoredHeadCall): DeclaredHead {
  if (outputs === 1) return { kind: 'choice', labels: choiceLabels };
  throw new ConfigError(`${where}: head: a choice has one output, these values have ${outputs}`);
}

function labelsOf({ given, declared, where }: StoredHeadCall, outputs: number): readonly string[] {
  const labels = given?.labels ?? (declared?.labels.length === outputs ? declared.labels : defaultLabels(outputs));
  if (labels.length === outputs && new Set(labels).size === outputs) return labels;
  throw new ConfigError(
    `${where}: head.labels: expected ${outputs} different names, one for each output, got ${labels.join(', ')}`,
  );
}
