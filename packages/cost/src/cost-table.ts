import { bytes, count, duration, flops, textTable } from '@attune/base';
import type { StepCost } from './cost-of-step.ts';
import { calibratedHardware, epochSeconds, type Hardware, stepSeconds } from './roofline.ts';

/** The cost of one method's step, as a row of the table. */
export interface CostRow {
  readonly method: string;
  readonly formulation: string;
  readonly cost: StepCost;
}

/** What adds time and price to a table: the machine, and how many examples an epoch has. */
export interface Budget {
  readonly hardware: Hardware;
  readonly batchSize: number;
  /** Training examples of one epoch; without them no epoch is priced. */
  readonly examples?: number;
}

/** One line per method and formulation; with a budget also time, whether it fits, and what an epoch costs. */
export function costTable(rows: readonly CostRow[], budget?: Budget): string[] {
  const header = ['method', 'posed as', ...workHeader, ...(budget === undefined ? [] : budgetHeader(budget))];
  const body = rows.map(({ method, formulation, cost }) => [
    method,
    formulation,
    ...workCells(cost),
    ...(budget === undefined ? [] : budgetCells(cost, budget)),
  ]);
  return textTable([header, ...body], 2);
}

const workHeader = ['trainable', 'forward', 'backward', 'update', 'moved', 'peak memory', 'to store'];

function workCells({ trainableParameters, phases, bytesMoved, peakMemoryBytes, adapterBytes }: StepCost): string[] {
  const { forward, backward, update } = phases;
  return [
    count(trainableParameters),
    ...[forward, backward, update].map((phase) => flops(phase.flops)),
    bytes(bytesMoved),
    bytes(peakMemoryBytes),
    bytes(adapterBytes),
  ];
}

function budgetHeader({ hardware, examples }: Budget): string[] {
  const epoch = hardware.pricePerHour === undefined ? ['epoch'] : ['epoch', 'epoch $'];
  return ['fits', 'step', ...(examples === undefined ? [] : epoch)];
}

function budgetCells({ nodes, peakMemoryBytes }: StepCost, { hardware, batchSize, examples }: Budget): string[] {
  const seconds = stepSeconds(nodes, hardware);
  const cells = [peakMemoryBytes <= hardware.memoryBytes ? 'yes' : 'no', duration(1000 * seconds)];
  if (examples === undefined) return cells;
  const epoch = epochSeconds(seconds, { examples, batchSize });
  cells.push(duration(1000 * epoch));
  if (hardware.pricePerHour !== undefined) cells.push(((epoch / 3600) * hardware.pricePerHour.dollars).toFixed(2));
  return cells;
}

/** What the figures of a table stand for. */
export function costNotes(budget?: Budget): string[] {
  const notes = [
    'FLOPs and bytes moved are those of one training step, a multiply-add as two; "to store" is the file of what trains.',
  ];
  if (budget === undefined) return notes;
  const { title, source, pricePerHour, memoryBytes } = budget.hardware;
  notes.push(`Hardware: ${title}; memory ${bytes(memoryBytes)} (${source}).`);
  const isMeasured = budget.hardware.name === calibratedHardware.name;
  notes.push(isMeasured ? 'Times are predicted from steps measured there.' : 'Times are what no step can be below.');
  if (pricePerHour !== undefined) {
    notes.push(`Price: ${pricePerHour.dollars} $ per hour (${pricePerHour.example}); prices change.`);
  }
  return notes;
}
