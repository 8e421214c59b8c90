import { basename, join } from 'node:path';
import { writeAtomically } from '@attune/base/node';
import { describeMachine, type Machine } from './machine.ts';

/** A table and the numbers it is of. */
interface Publication {
  /** Of the files in the folder. */
  readonly name: string;
  readonly title: string;
  readonly numbers: object;
  /** Markdown. */
  readonly table: string;
}

/** Where to write what is printed. */
export interface Outputs {
  /** A file for every number. */
  readonly json?: string | undefined;
  /** A folder for the page and its numbers. */
  readonly out?: string | undefined;
}

/** Prints the table, and writes what was asked for: every number as JSON, the table as a page. */
export async function publish(publication: Publication, { json, out }: Outputs): Promise<void> {
  process.stdout.write(`${publication.table}\n`);
  if (json !== undefined) await writeAtomically(json, numbersOf(publication, circumstances()));
  if (out !== undefined) await writePage(out, publication);
}

/** The page and its numbers, `<name>.md` and `<name>.json`. */
export async function writePage(folder: string, publication: Publication): Promise<void> {
  const { name, title, table } = publication;
  const measured = circumstances();
  await writeAtomically(join(folder, `${name}.json`), numbersOf(publication, measured));
  await writeAtomically(join(folder, `${name}.md`), page({ title, ...measured, table }));
}

/** When and on what it was measured. */
interface Circumstances {
  readonly date: string;
  readonly machine: Machine;
}

/** The day; nothing else here depends on a clock's reading but the measured times. */
function circumstances(): Circumstances {
  return { date: new Date().toISOString().slice(0, 10), machine: describeMachine() };
}

function numbersOf({ numbers }: Publication, measured: Circumstances): string {
  return `${JSON.stringify({ ...measured, ...numbers }, withoutFolders, 2)}\n`;
}

/** Where a Python lies is of one machine; its name is enough. */
function withoutFolders(key: string, value: unknown): unknown {
  return key === 'python' && typeof value === 'string' ? basename(value) : value;
}

/** The table with machine, versions and date above it. */
function page(call: Circumstances & Pick<Publication, 'title' | 'table'>): string {
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
