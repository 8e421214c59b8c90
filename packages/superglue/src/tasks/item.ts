import { DatasetError } from '@attune/core';

/** What is answered once: a row, or one answer of a MultiRC row. */
export interface Item {
  readonly id: string;
  readonly fields: Readonly<Record<string, string>>;
  /** Absent in test files. */
  readonly label?: number;
  /** Items that are right only together (the answers of one question). */
  readonly group?: string;
}

/** An item whose answer is known. */
export interface LabelledItem extends Item {
  readonly label: number;
}

/** @throws DatasetError when no item has a label */
export function labelledItems(task: string, items: readonly Item[]): LabelledItem[] {
  const labelled = items.filter((item): item is LabelledItem => item.label !== undefined);
  if (labelled.length === 0) {
    throw new DatasetError(`${task}: expected rows with labels, got ${items.length} without; use a labelled split`);
  }
  return labelled;
}

/** The commonest label, the first one on ties. */
export function mostFrequentLabel(items: readonly LabelledItem[], numLabels: number): number {
  const counts = new Array<number>(numLabels).fill(0);
  for (const { label } of items) counts[label]! += 1;
  return counts.indexOf(Math.max(...counts));
}
