import type { ScoreGrid } from '../analysis/score-grid.ts';

/** A table as data; Markdown, HTML and terminal render the same one. */
export interface Table {
  readonly id: string;
  readonly caption: string;
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
  /** Sentences below the table. */
  readonly notes: readonly string[];
}

interface Column {
  readonly title: string;
  readonly align: 'left' | 'right';
}

/** A row of a table. */
export interface Row {
  /** The first cell names the row. */
  readonly cells: readonly Cell[];
  /** A reference row, set apart from the rows that compete. */
  readonly reference?: boolean;
  /** Index of the arm whose colour the figures use. */
  readonly arm?: number;
}

/** A cell of a table. */
export interface Cell {
  readonly text: string;
  /** Spread or remark after the value, shown smaller. */
  readonly detail?: string;
  /** Best of its column, or not above a reference row. */
  readonly mark?: 'best' | 'low';
}

/** A column of texts. */
export const left = (title: string): Column => ({ title, align: 'left' });
/** A column of numbers. */
export const right = (title: string): Column => ({ title, align: 'right' });
/** A cell with nothing but a text. */
export const text = (value: string): Cell => ({ text: value });

/** Every trial without a score and why, grouped by reason. Undefined when all completed. */
export function statusTable(grid: ScoreGrid): Table | undefined {
  const groups = new Map<string, StatusGroup>();
  for (const { arm } of grid.arms) {
    for (const { config, status, message } of arm.records) {
      if (status === 'completed') continue;
      const key = JSON.stringify([config.task.name, status, message]);
      const group = groups.get(key) ?? {
        task: config.task.name,
        status,
        message: message ?? '–',
        arms: new Set(),
        seeds: new Set(),
      };
      group.arms.add(arm.name);
      group.seeds.add(config.seed);
      groups.set(key, group);
    }
  }
  if (groups.size === 0) return undefined;
  return {
    id: 'status',
    caption: 'Trials without a score',
    columns: ['Task', 'Status', 'Methods', 'Seeds', 'Why'].map(left),
    rows: [...groups.values()].map((group) => ({ cells: groupCells(group, grid.arms.length).map(text) })),
    notes: [],
  };
}

interface StatusGroup {
  readonly task: string;
  readonly status: string;
  readonly message: string;
  readonly arms: Set<string>;
  readonly seeds: Set<number>;
}

function groupCells({ task, status, message, arms, seeds }: StatusGroup, numArms: number): readonly string[] {
  const shown = status === 'no-data' ? 'no data' : status;
  return [task, shown, methodsText(arms, numArms), seedsText(seeds), message];
}

/** Names of arms, each once, or "all 5". */
export function methodsText(arms: Iterable<string>, numArms: number): string {
  const names = [...new Set(arms)];
  return names.length === numArms && numArms > 1 ? `all ${numArms}` : names.join(', ');
}

/** Seeds in order, each once. */
export function seedsText(seeds: Iterable<number>): string {
  return [...new Set(seeds)].sort((a, b) => a - b).join(', ');
}
