import { compare } from './comparison.ts';
import { comparisonTable } from './comparison-table.ts';
import { type ContenderChoice, contenderTable } from './contenders.ts';
import { timeHoisting } from './hoist.ts';
import { timePasses } from './passes.ts';
import { type Choice, planCells } from './plan-cells.ts';
import { type Outputs, publish, writePage } from './publish.ts';
import { byShape, type Measured, runShape } from './run-cells.ts';
import { markdownTable } from './table.ts';

export type StepFlags = Choice & Outputs;

export interface ComparisonFlags extends Outputs {
  readonly peer?: string;
  readonly rounds: number;
}

export type RoundsFlags = ContenderChoice & Outputs;

/** 0, or 1 when a cell failed. */
export async function steps({ json, out, ...choice }: StepFlags): Promise<number> {
  const shapes: Measured[] = [];
  for (const cells of byShape(planCells(choice))) {
    const numbers = await runShape(cells, report);
    shapes.push(numbers);
    const { name } = cells[0]!.shape;
    const page = { name: `steps-${name}`, title: `Training steps, ${name}`, numbers, table: markdownTable(numbers) };
    // Once its shape is measured: what comes after may be stopped.
    if (out !== undefined) await writePage(out, page);
  }
  const rows = shapes.flatMap((measured) => measured.rows);
  const rates = Object.assign({}, ...shapes.map((measured) => measured.rates));
  await publish(
    { name: 'steps', title: 'Training steps', numbers: { rows, rates }, table: markdownTable({ rows, rates }) },
    { json },
  );
  return rows.some((row) => 'failure' in row) ? 1 : 0;
}

export async function comparison({ peer, rounds, json, out }: ComparisonFlags): Promise<void> {
  const sides = await compare({ peer, rounds, report });
  const table = comparisonTable(sides);
  await publish({ name: 'comparison', title: 'A whole small comparison', numbers: { sides }, table }, { json, out });
}

export async function passes({ json, out, ...choice }: RoundsFlags): Promise<void> {
  const rows = await timePasses(choice, report);
  const table = contenderTable(rows, 'without');
  await publish({ name: 'passes', title: 'What each pass is worth', numbers: { rows }, table }, { json, out });
}

export async function hoist({ json, out, ...choice }: RoundsFlags): Promise<void> {
  const rows = await timeHoisting(choice, report);
  const table = contenderTable(rows, 'frozen half');
  await publish({ name: 'hoist', title: 'Frozen parts kept', numbers: { rows }, table }, { json, out });
}

function report(line: string): void {
  process.stderr.write(`${line}\n`);
}
