import { ConfigError, DatasetError, type FormulateCall, type Formulated } from '@attune/core';

interface MaybeLabelled {
  readonly id: string;
  readonly label?: number;
}

/**
 * The label part of an instance.
 *
 * @throws DatasetError when training meets an item without one
 */
export function labelOf(task: string, item: MaybeLabelled, purpose: FormulateCall<unknown>['purpose']) {
  if (item.label !== undefined) return { label: item.label };
  if (purpose === 'evaluate') return {};
  throw new DatasetError(`${task}: row ${item.id}: expected a label to train on, got none; train on a labelled split`);
}

/** A formulation whose `predict` refuses outputs that do not belong to it. */
export function checkedPredict<Row>(task: string, formulated: Formulated<Row>): Formulated<Row> {
  const expected = formulated.instances.length;
  return {
    ...formulated,
    predict: (rows, outputs) => {
      if (outputs.length !== expected) {
        throw new ConfigError(
          `${task}: predict: expected ${expected} outputs, one per instance, got ${outputs.length}`,
        );
      }
      return formulated.predict(rows, outputs);
    },
  };
}

/** For formulations whose training instances are not one per item. */
export function predictsNothing(task: string): never {
  throw new ConfigError(
    `${task}: predict: these instances were made for training; formulate with purpose "evaluate" to predict`,
  );
}
