import type { ScoreGrid } from '../analysis/score-grid.ts';
import type { ArmRecord } from '../read-records.ts';
import { left, methodsText, seedsText, type Table, text } from './table.ts';

/** The heading that notes stand under. */
export const notesTitle = 'What to know';

const untrained = 'kept as it was before training: no evaluated step was better on the selection split';

interface NoteGroup {
  readonly arms: Set<string>;
  readonly tasks: Set<string>;
  readonly seeds: Set<number>;
}

/**
 * What a reader should know of how scores came about, each note once with the trials that it holds for: what records
 * say (`notes`), and which trained models were not better than the model that was given. Undefined where nothing is.
 */
export function notesTable({ arms }: Pick<ScoreGrid, 'arms'>): Table | undefined {
  const groups = new Map<string, NoteGroup>();
  for (const { arm } of arms) {
    for (const record of arm.records) {
      for (const note of notesOf(record)) {
        const group = groups.get(note) ?? { arms: new Set(), tasks: new Set(), seeds: new Set() };
        groups.set(note, group);
        group.arms.add(arm.name);
        group.tasks.add(record.config.task.name);
        group.seeds.add(record.config.seed);
      }
    }
  }
  if (groups.size === 0) return undefined;
  const cells = ([note, group]: readonly [string, NoteGroup]) => [
    note,
    methodsText([...group.arms], arms.length),
    [...group.tasks].join(', '),
    seedsText([...group.seeds]),
  ];
  return {
    id: 'notes',
    caption: 'What was drawn, ignored, cast or cut, and what settings came to',
    columns: ['Note', 'Methods', 'Tasks', 'Seeds'].map(left),
    rows: [...groups].map((group) => ({ cells: cells(group).map(text) })),
    notes: [],
  };
}

function notesOf({ notes, selection, counts, status }: ArmRecord): readonly string[] {
  const isUntrained = status === 'completed' && counts.steps > 0 && selection?.bestStep === 0;
  return isUntrained ? [...notes, untrained] : notes;
}
