import { csvText, ownValue } from '@attune/base';
import type { TrialRecord } from '@attune/records';
import Papa from 'papaparse';
import { taskScore } from './analysis/score-grid.ts';
import type { ExperimentResults } from './read-records.ts';

const COLUMNS = [
  'experiment',
  'model',
  'method',
  'formulation',
  'task',
  'regime',
  'seed',
  'split',
  'metric',
  'score',
  'chance',
  'majority',
  'trainable_parameters',
  'total_parameters',
  'flops',
  'train_ms',
  'peak_memory_bytes',
  'adapter_bytes',
  'status',
] as const;
type ResultRow = Readonly<Record<(typeof COLUMNS)[number], string | number>>;

/**
 * results.csv: one row per trial and metric, the task score last as metric `score`; fractions in full precision. A
 * trial without scores has one row, metric `score`, with the score empty.
 */
export function resultsCsv({ experiment, records }: ExperimentResults): string {
  const rows = records.flatMap((record) => rowsOfTrial(record, experiment.name));
  const cells = rows.map((row) => COLUMNS.map((column) => cellOf(row[column])));
  return `${Papa.unparse([[...COLUMNS], ...cells], { newline: '\n' })}\n`;
}

const cellOf = (value: string | number) => (typeof value === 'string' ? csvText(value) : value);

function rowsOfTrial(record: TrialRecord, experiment: string): readonly ResultRow[] {
  const resultRow = (metric: string) => ({ experiment, ...metricCells(record, metric) });
  if (record.status !== 'completed') return [resultRow('score')];
  const metrics = Object.keys(record.scores).filter((metric) => metric !== 'score');
  return [...metrics, 'score'].map(resultRow);
}

function metricCells(record: TrialRecord, metric: string): Omit<ResultRow, 'experiment'> {
  const { config, costs, run } = record;
  const value = (scores: Readonly<Record<string, number>>) =>
    (metric === 'score' ? taskScore(scores) : ownValue(scores, metric)) ?? '';
  return {
    model: modelName(config.model),
    method: config.method.name,
    formulation: config.formulation,
    task: config.task.name,
    regime: config.data.regime,
    seed: config.seed,
    split: config.data.reportedSplit,
    metric,
    score: record.status === 'completed' ? value(record.scores) : '',
    chance: value(record.chance),
    majority: value(record.majority),
    trainable_parameters: costs.trainableParameters,
    total_parameters: costs.totalParameters,
    flops: costs.flops,
    train_ms: run.trainTimeMs,
    peak_memory_bytes: run.peakMemoryBytes,
    adapter_bytes: costs.adapterBytes,
    status: record.status,
  };
}

/** Drawn weights make another model: without the suffix its rows would look like repeats of the pre-trained one's. */
function modelName({ name, initialization }: TrialRecord['config']['model']): string {
  return initialization === 'random' && !/random/i.test(name) ? `${name}-random` : name;
}
