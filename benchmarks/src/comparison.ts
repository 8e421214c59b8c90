import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { trialRecordSchema } from '@attune/records';
import { peerProtocol } from './comparison-protocol.ts';
import { type Summary, summarize } from './statistics.ts';

/** One trial of either side. */
export interface ComparedTrial {
  readonly method: string;
  readonly task: string;
  readonly seed: number;
  readonly steps: number;
  /** Accuracy on the reported split. */
  readonly score: number;
}

export interface ComparisonSide {
  readonly name: string;
  /** Of the whole command, from its start to its end. */
  readonly wallMs: Summary;
  readonly trials: readonly ComparedTrial[];
}

interface Command {
  readonly name: string;
  run(folder: string): Promise<readonly ComparedTrial[]>;
}

const fromHere = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/**
 * Runs the small comparison with ours and, when a Python is given, with transformers and PEFT, once as two processes
 * of one thread and once as one process of two; all in turn, `rounds` times.
 */
export async function compare(call: {
  readonly peer: string | undefined;
  readonly rounds: number;
  readonly report: (line: string) => void;
}): Promise<ComparisonSide[]> {
  const { peer, rounds, report } = call;
  const commands = [ours, ...(peer === undefined ? [] : [peerCommand(peer, 2, 1), peerCommand(peer, 1, 2)])];
  const walls = commands.map((): number[] => []);
  const trials: (readonly ComparedTrial[])[] = [];
  for (let round = 0; round < rounds; round++) {
    for (const [index, command] of commands.entries()) {
      const { wallMs, result } = await timed(command);
      walls[index]!.push(wallMs);
      trials[index] = result;
      report(`${command.name}: ${(wallMs / 1000).toFixed(1)} s`);
    }
  }
  return commands.map(({ name }, index) => ({ name, wallMs: summarize(walls[index]!), trials: trials[index]! }));
}

async function timed(command: Command) {
  const folder = await mkdtemp(join(tmpdir(), 'attune-comparison-'));
  try {
    await writeFile(join(folder, 'protocol.json'), JSON.stringify(peerProtocol));
    const start = performance.now();
    const result = await command.run(folder);
    return { wallMs: performance.now() - start, result };
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** The command as a user runs it: one process for each core. Nothing is found recorded in an empty folder. */
const ours: Command = {
  name: 'attune run',
  async run(folder) {
    const experiment = fromHere('./comparison-experiment.ts');
    await output(process.execPath, [fromHere('../../packages/cli/bin/attune.js'), 'run', experiment, '--out', folder]);
    return readTrials(join(folder, 'records'));
  },
};

function peerCommand(python: string, processes: number, threads: number): Command {
  const script = fromHere('../peer/comparison.py');
  return {
    name: `transformers + PEFT, ${processes} × ${threads}`,
    async run(folder) {
      const options = ['--processes', String(processes), '--threads', String(threads)];
      const lines = (await output(python, [script, folder, ...options])).trim().split('\n');
      return lines.map((line) => JSON.parse(line) as ComparedTrial);
    },
  };
}

/** What a command prints. @throws Error when it fails; its messages are on stderr */
async function output(command: string, given: readonly string[]): Promise<string> {
  const child = spawn(command, given, { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  const printed = await text(child.stdout);
  const [code] = (await ended) as [number | null];
  if (code !== 0) throw new Error(`comparison: ${command} ${given[0]} ended with code ${code}; its messages are above`);
  return printed;
}

async function readTrials(folder: string): Promise<ComparedTrial[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.json')).sort();
  return Promise.all(
    files.map(async (file) => {
      const record = trialRecordSchema.parse(JSON.parse(await readFile(join(folder, file), 'utf8')));
      if (record.status !== 'completed') throw new Error(`comparison: ${file}: ${record.status}: ${record.message}`);
      const { method, task, seed } = record.config;
      return { method: method.label, task: task.name, seed, steps: record.counts.steps, score: record.scores.score! };
    }),
  );
}
