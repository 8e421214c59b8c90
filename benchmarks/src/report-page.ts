import type { Machine } from './machine.ts';
import type { Measured } from './run-cells.ts';
import { markdownTable } from './table.ts';

/** The table with machine, versions and date above it. */
export function reportPage(call: {
  readonly date: string;
  readonly machine: Machine;
  readonly measured: Measured;
}): string {
  const { date, machine, measured } = call;
  const { processor, cores, memoryBytes, platform, node, onnxruntime } = machine;
  const peer = measured.rows.flatMap((row) =>
    'result' in row && row.result.peer ? [row.result.peer.versions] : [],
  )[0];
  const versions = { node, onnxruntime, ...peer };
  return [
    '# Training steps',
    '',
    `${processor}, ${cores} cores, ${(memoryBytes / 1e9).toFixed(0)} GB, ${platform}. ${date}.`,
    `${Object.entries(versions)
      .map(([name, version]) => `${name} ${version}`)
      .join(', ')}.`,
    'What the columns mean: benchmarks/README.md.',
    '',
    markdownTable(measured),
    '',
  ].join('\n');
}
