import { peerTable } from './peer-table.ts';
import { productKey } from './products.ts';
import { type Measured, type Row, simpleProduct } from './run-cells.ts';
import { type Column, markdownRows, percent, shortMs, spread } from './table-text.ts';

const columns: readonly Column<Row>[] = [
  ['engine', ({ cell }) => cell.engine],
  ['shape', ({ cell }) => `${cell.shape.name} b${cell.shape.batchSize} l${cell.shape.length}`],
  ['head', ({ cell }) => cell.head],
  ['method', ({ cell }) => cell.method],
  ['ms / step', (row) => ('result' in row ? spread(row.result.stepMs) : `failed: ${row.failure}`)],
  ['CPU ms', (row) => ('result' in row ? shortMs(row.result.processorMs) : '')],
  ['steps', (row) => ('result' in row ? String(row.result.stepMs.count) : '')],
  ['GFLOP/s', (row) => ('result' in row ? gigaflops(row.result.flops, row.result.stepMs.median) : '')],
  ['share of peak', (row) => ('result' in row ? percent(row.shareOfPeak) : '')],
  ['peak MB', (row) => ('result' in row ? megabytes(row.result.peakMemoryBytes) : '')],
  ['trace ms', (row) => ('result' in row ? row.result.traceMs.toFixed(0) : '')],
  ['compile ms', (row) => ('result' in row ? row.result.compileMs.toFixed(0) : '')],
];

/** A row of the table for every cell, in Markdown; under it, when there was a peer, a table beside that. */
export function markdownTable({ rows, rates }: Measured): string {
  const simple = rates[productKey(simpleProduct)];
  return [
    ...markdownRows(columns, rows),
    '',
    ...peerTable(rows),
    ...versionsLine(rows),
    ...(simple === undefined ? [] : [`1024 × 1024 × 1024 in ONNX Runtime: ${(simple / 1e9).toFixed(0)} GFLOP/s.`]),
  ].join('\n');
}

function versionsLine(rows: readonly Row[]): string[] {
  const versions = rows.flatMap((row) => ('result' in row && row.result.peer ? [row.result.peer.versions] : []))[0];
  if (versions === undefined) return [];
  const names = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return [`Peer: ${names.join(', ')}.`, ''];
}

function gigaflops(flops: number, ms: number): string {
  return (flops / ms / 1e6).toFixed(1);
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(0);
}
