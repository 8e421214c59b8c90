import { productKey } from './products.ts';
import { type Measured, type Row, simpleProduct } from './run-cells.ts';
import type { Summary } from './statistics.ts';

const columns: readonly (readonly [title: string, text: (row: Row) => string])[] = [
  ['engine', ({ cell }) => cell.engine],
  ['shape', ({ cell }) => `${cell.shape.name} b${cell.shape.batchSize} l${cell.shape.length}`],
  ['head', ({ cell }) => cell.head],
  ['method', ({ cell }) => cell.method],
  ['ms / step', (row) => ('result' in row ? spread(row.result.stepMs) : `failed: ${row.failure}`)],
  ['steps', (row) => ('result' in row ? String(row.result.stepMs.count) : '')],
  ['GFLOP/s', (row) => ('result' in row ? gigaflops(row.result.flops, row.result.stepMs.median) : '')],
  ['share of peak', (row) => ('result' in row ? percent(row.shareOfPeak) : '')],
  ['peak MB', (row) => ('result' in row ? megabytes(row.result.peakMemoryBytes) : '')],
  ['trace ms', (row) => ('result' in row ? row.result.traceMs.toFixed(0) : '')],
  ['compile ms', (row) => ('result' in row ? row.result.compileMs.toFixed(0) : '')],
];

const peerColumns: typeof columns = [
  ['PyTorch ms', (row) => peerText(row, ({ stepMs }) => spread(stepMs))],
  [
    'its setting',
    (row) => peerText(row, ({ variant, optimizer, waitPolicy }) => `${variant}, ${optimizer}, ${waitPolicy} waiting`),
  ],
  ['steps/s ×', (row) => peerText(row, ({ stepMs }, ours) => (stepMs.median / ours.median).toFixed(2))],
  ['of fastest ×', (row) => peerText(row, ({ stepMs }, ours) => (stepMs.min / ours.min).toFixed(2))],
  ['its MB', (row) => peerText(row, ({ peakMemoryBytes }) => megabytes(peakMemoryBytes))],
  ['other settings, ms', (row) => peerText(row, (peer) => othersOf(peer))],
  ['differs by', (row) => peerText(row, ({ disagreement }) => disagreement.toExponential(0))],
  ['idle CPU', (row) => peerText(row, ({ idleShare }) => `${percent(idleShare.ours)}, ${percent(idleShare.peer)}`)],
];

/** A row of the table for every cell, in Markdown; the peer's columns only when there was one. */
export function markdownTable({ rows, rates }: Measured): string {
  const withPeer = rows.some((row) => 'result' in row && row.result.peer !== undefined);
  const shown = withPeer ? [...columns, ...peerColumns] : columns;
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const simple = rates[productKey(simpleProduct)];
  return [
    line(shown.map(([title]) => title)),
    line(shown.map(() => '---')),
    ...rows.map((row) => line(shown.map(([, text]) => text(row)))),
    '',
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

type Peered = Extract<Row, { readonly result: unknown }>['result'];

function peerText(row: Row, text: (peer: NonNullable<Peered['peer']>, ours: Summary) => string): string {
  if (!('result' in row) || row.result.peer === undefined) return '';
  return text(row.result.peer, row.result.stepMs);
}

function othersOf({ variant, variants }: NonNullable<Peered['peer']>): string {
  const others = Object.entries(variants).filter(([name]) => name !== variant);
  const text = (value: Summary | string) => (typeof value === 'string' ? 'does not work' : shortMs(value.median));
  return others.map(([name, value]) => `${name} ${text(value)}`).join(', ');
}

/** Median and, in brackets, the extremes. */
function spread({ median, min, max }: Summary): string {
  return `${shortMs(median)} (${shortMs(min)}–${shortMs(max)})`;
}

/** Three digits, but no decimals that the clock does not carry. */
function shortMs(ms: number): string {
  return ms >= 100 ? ms.toFixed(0) : ms.toPrecision(3);
}

function gigaflops(flops: number, ms: number): string {
  return (flops / ms / 1e6).toFixed(1);
}

function percent(share: number | undefined): string {
  return share === undefined ? '' : `${(100 * share).toFixed(0)} %`;
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(0);
}
