import { mkdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { describeMachine, type Machine } from './machine.ts';

export interface Publication {
  /** Of the files in the folder. */
  readonly name: string;
  readonly title: string;
  readonly numbers: object;
  /** Markdown. */
  readonly table: string;
  readonly json: string | undefined;
  readonly out: string | undefined;
}

/** Prints the table, and writes what was asked for: every number as JSON, the table as a page. */
export async function publish({ name, title, numbers, table, json, out }: Publication): Promise<void> {
  process.stdout.write(`${table}\n`);
  const machine = describeMachine();
  // The day it was measured; nothing else here depends on a clock's reading but the measured times.
  const date = new Date().toISOString().slice(0, 10);
  const all = `${JSON.stringify({ date, machine, ...numbers }, withoutFolders, 2)}\n`;
  if (json !== undefined) await write(json, all);
  if (out === undefined) return;
  await write(join(out, `${name}.json`), all);
  await write(join(out, `${name}.md`), page({ title, date, machine, table }));
}

/** Where a Python lies is of one machine; its name is enough. */
function withoutFolders(key: string, value: unknown): unknown {
  return key === 'python' && typeof value === 'string' ? basename(value) : value;
}

/** The table with machine, versions and date above it. */
export function page(call: {
  readonly title: string;
  readonly date: string;
  readonly machine: Machine;
  readonly table: string;
}): string {
  const { processor, cores, memoryBytes, platform, loadAverage, node, onnxruntime } = call.machine;
  const machine = `${processor}, ${cores} cores, ${(memoryBytes / 1e9).toFixed(0)} GB, ${platform}`;
  return [
    `# ${call.title}`,
    '',
    `${call.date}. ${machine}; load ${loadAverage.toFixed(1)} when it ended. Node ${node}, ONNX Runtime ${onnxruntime}.`,
    'What the columns mean: benchmarks/README.md.',
    '',
    call.table,
    '',
  ].join('\n');
}

async function write(file: string, text: string): Promise<void> {
  await mkdir(dirname(resolve(file)), { recursive: true });
  await writeFile(file, text);
}
