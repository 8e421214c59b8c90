import type { ScoreGrid } from '../analysis/score-grid.ts';
import { left, type Table, text } from './table.ts';

/** Every trial without a score and why, grouped by reason. Undefined when all completed. */
export function statusTable(grid: ScoreGrid): Table | undefined {
  const groups = new Map<string, StatusGroup>();
  for (const { arm } of grid.arms) {
    for (const { config, status, message } of arm.records) {
      if (status === 'completed') continue;
      const key = JSON.stringify([config.task.name, status, message]);
      const group = groups.get(key) ?? { task: config.task.name, status, message: message ?? '–', arms: [], seeds: [] };
      groups.set(key, { ...group, arms: [...group.arms, arm.name], seeds: [...group.seeds, config.seed] });
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
  readonly arms: readonly string[];
  readonly seeds: readonly number[];
}

function groupCells({ task, status, message, arms, seeds }: StatusGroup, numArms: number): readonly string[] {
  const names = [...new Set(arms)];
  const who = names.length === numArms && numArms > 1 ? `all ${numArms}` : names.join(', ');
  const drawn = [...new Set(seeds)].sort((a, b) => a - b).join(', ');
  return [task, status === 'no-data' ? 'no data' : status, who, drawn, message];
}
