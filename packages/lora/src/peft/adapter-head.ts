import type { Model, SequenceHeadKind } from '@attune/core';
import type { ExpectedShapes } from './adapter-tensors.ts';

/** A head among the tensors of an adapter. */
export interface AdapterHead {
  readonly kind: SequenceHeadKind;
  /** The number of outputs may be any. */
  readonly shapes: ExpectedShapes;
  /** First parts of its parameters' names, as PEFT's `modules_to_save` has them. */
  readonly modules: readonly string[];
}

const kinds = ['classification', 'choice'] as const;

/**
 * The head that some names are of, in full or in part; where both heads have the same names, the one of `kind`, or of
 * a classification.
 *
 * @param names  under our names, factors of projections among them
 */
export function adapterHead(model: Model, names: Iterable<string>, kind?: SequenceHeadKind): AdapterHead | undefined {
  const given = new Set(names);
  const heads = (kind === undefined ? kinds : [kind]).map((each) => headOf(model, each));
  const counts = heads.map(({ shapes }) => [...shapes.keys()].filter((name) => given.has(name)).length);
  // A choice may have a part of a classification's names, or more: what is all there, and else what is most there.
  const whole = heads.findIndex(({ shapes }, index) => counts[index] === shapes.size);
  const most = counts.indexOf(Math.max(...counts));
  return Math.max(...counts) === 0 ? undefined : heads[whole === -1 ? most : whole];
}

function headOf(model: Model, kind: SequenceHeadKind): AdapterHead {
  const [one, two] = [1, 2].map((numOutputs) => model.sequenceHead(kind, numOutputs).parameters);
  const shapes = one!.map(({ name, shape }, index) => {
    const other = two![index]!.shape;
    return [name, shape.map((size, axis) => (size === other[axis] ? size : null))] as const;
  });
  const modules = [...new Set(shapes.map(([name]) => name.split('.', 1)[0]!))];
  return { kind, shapes: new Map(shapes), modules };
}
