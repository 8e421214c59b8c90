import { type Cell, type CellResult, type Product, peerKinds } from './cell.ts';
import { runInChild } from './child-process.ts';
import type { PeakInput, Rates } from './peak-process.ts';
import { productKey, shareOfPeak } from './products.ts';

/** A cell with what was measured, or why nothing was. */
export type Row = { readonly cell: Cell } & (
  | { readonly result: CellResult; readonly shareOfPeak: number | undefined }
  | { readonly failure: string }
);

export interface Measured {
  readonly rows: readonly Row[];
  /** Best rates of all products, FLOP per second. */
  readonly rates: Rates;
}

/** The product that "GFLOP/s of this machine" usually means. */
export const simpleProduct = { batch: 1, m: 1024, k: 1024, n: 1024 };

/** The cells of each shape, in their order. */
export function byShape(cells: readonly Cell[]): Cell[][] {
  const names = new Set(cells.map(({ shape }) => shape.name));
  return [...names].map((name) => cells.filter(({ shape }) => shape.name === name));
}

/**
 * Measures one shape's cells, each in a process of its own, and right after them the best rates of its products in
 * another.
 *
 * @param report  told what is going on, a line at a time
 */
export async function runShape(cells: readonly Cell[], report: (line: string) => void): Promise<Measured> {
  const measured: MeasuredCell[] = [];
  for (const planned of cells) {
    const cell = withKnownPolicy(planned, measured);
    report(`${measured.length + 1}/${cells.length} ${cellName(cell)}`);
    measured.push({ cell, outcome: await outcomeOf(cell) });
    report(`  ${brief(measured.at(-1)!.outcome)}`);
  }
  const compiled = measured.flatMap(({ cell, outcome }) =>
    typeof outcome === 'object' && cell.engine === 'onnx' ? outcome.products : [],
  );
  const { shape, threads } = cells[0]!;
  report(`${shape.name}: the best rate of each matrix product`);
  const rates = await ratesOf(compiled, threads);
  return { rows: measured.map(({ cell, outcome }) => rowOf(cell, outcome, rates)), rates };
}

interface MeasuredCell {
  readonly cell: Cell;
  readonly outcome: CellResult | string;
}

/** The way of waiting that an earlier cell of the same shape found best for the peer. */
function withKnownPolicy(cell: Cell, measured: readonly MeasuredCell[]): Cell {
  const known = measured.flatMap(({ outcome }) =>
    typeof outcome === 'object' && outcome.peer ? [outcome.peer] : [],
  )[0];
  if (cell.peer === undefined || known === undefined) return cell;
  return { ...cell, peer: { ...cell.peer, waitPolicy: known.waitPolicy } };
}

function rowOf(cell: Cell, outcome: CellResult | string, rates: Rates): Row {
  if (typeof outcome === 'string') return { cell, failure: outcome };
  const share = shareOfPeak(outcome.products, new Map(Object.entries(rates)), outcome.stepMs.median);
  return { cell, result: outcome, shareOfPeak: cell.engine === 'onnx' ? share : undefined };
}

function cellName({ engine, shape, method, head }: Cell): string {
  return `${engine} ${shape.name} ${method} ${head}`;
}

/** The result, or the message of what went wrong: one cell that fails does not end the run. */
async function outcomeOf(cell: Cell): Promise<CellResult | string> {
  try {
    return await runInChild<Cell, CellResult>('./cell-process.ts', cell);
  } catch (error) {
    return (error as Error).message;
  }
}

function brief(outcome: CellResult | string): string {
  if (typeof outcome === 'string') return `failed: ${outcome}`;
  const { stepMs, peer } = outcome;
  const ours = `${stepMs.median.toFixed(2)} ms`;
  if (peer === undefined) return ours;
  const theirs = peerKinds.map((kind) => peer.fastest[kind]);
  return [ours, ...theirs.map(({ stepMs, variant }) => `${variant} ${stepMs.median.toFixed(2)} ms`)].join(', ');
}

async function ratesOf(products: readonly Product[], threads: number): Promise<Rates> {
  const wanted = new Map([simpleProduct, ...products].map((product) => [productKey(product), product]));
  const input: PeakInput = { products: [...wanted.values()], threads };
  return runInChild('./peak-process.ts', input);
}
