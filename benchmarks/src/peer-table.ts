import { type PeerKind, type PeerResult, type PeerTiming, peerKinds, type TimedSteps } from './cell.ts';
import type { Row } from './run-cells.ts';
import { type Column, markdownRows, percent, shortMs, spread } from './table-text.ts';

/** One kind of the peer's steps beside ours. */
interface Beside {
  readonly cell: Row['cell'];
  readonly kind: PeerKind;
  readonly ours: TimedSteps;
  readonly theirs: PeerTiming;
  readonly peer: PeerResult;
}

/** What each kind is called in the table. */
const titles: Readonly<Record<PeerKind, string>> = {
  library: 'transformers + PEFT',
  own: 'by hand',
  bf16: 'by hand, bf16',
};

const columns: readonly Column<Beside>[] = [
  ['head', ({ cell }) => cell.head],
  ['method', ({ cell }) => cell.method],
  ['PyTorch', ({ kind }) => titles[kind]],
  ['ms / step', ({ theirs }) => spread(theirs.stepMs)],
  ['CPU ms', ({ theirs }) => shortMs(theirs.processorMs)],
  ['steps/s ×', ({ ours, theirs }) => ratio(theirs.stepMs.median, ours.stepMs.median)],
  ['of fastest ×', ({ ours, theirs }) => ratio(theirs.stepMs.min, ours.stepMs.min)],
  ['CPU ×', ({ ours, theirs }) => ratio(theirs.processorMs, ours.processorMs)],
  ['setting', ({ theirs, peer }) => `${theirs.variant}, ${peer.optimizer}, ${peer.waitPolicy} waiting`],
  ['differs by', ({ theirs }) => theirs.disagreement.toExponential(0)],
  ['MB', ({ kind, peer }) => (kind === 'library' ? (peer.peakMemoryBytes / 1e6).toFixed(0) : '')],
  ['other settings, ms', ({ kind, peer }) => (kind === 'library' ? othersOf(peer) : '')],
  [
    'idle CPU',
    ({ kind, peer: { idleShare } }) =>
      kind === 'library' ? `${percent(idleShare.ours)}, ${percent(idleShare.peer)}` : '',
  ],
];

/** Lines of a table with a row for every cell and kind of the peer; none without a peer. */
export function peerTable(rows: readonly Row[]): string[] {
  const beside = rows.flatMap((row): Beside[] => {
    if (!('result' in row) || row.result.peer === undefined) return [];
    const { peer, ...ours } = row.result;
    return peerKinds.map((kind) => ({ cell: row.cell, kind, ours, theirs: peer.fastest[kind], peer }));
  });
  return beside.length === 0 ? [] : [...markdownRows(columns, beside), ''];
}

/** Above 1: ours is faster. */
function ratio(theirs: number, ours: number): string {
  return (theirs / ours).toFixed(2);
}

function othersOf({ fastest, variants }: PeerResult): string {
  const shown = Object.values(fastest).map(({ variant }) => variant);
  const others = Object.entries(variants).filter(([name]) => !shown.includes(name));
  const text = (value: PeerResult['variants'][string]) =>
    typeof value === 'string' ? 'does not work' : shortMs(value.median);
  return others.map(([name, value]) => `${name} ${text(value)}`).join(', ');
}
