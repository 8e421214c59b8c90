import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { writeAtomically } from '@attune/base/node';
import { experimentRecordSchema, listedName, trialRecordSchema } from '@attune/records';
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
  /** @throws AbortError when stopped by the signal */
  run(folder: string, signal: AbortSignal): Promise<readonly ComparedTrial[]>;
}

/** A command this many times slower than the fastest so far is stopped: it decides nothing any more. */
const patience = 4;

const fromHere = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/**
 * Runs the small comparison with ours and, when a Python is given, with transformers and PEFT, once as two processes
 * of one thread and once as one process of two; all in turn, `rounds` times. A command that takes `patience` times as
 * long as the fastest so far is left out of the result, and out of later rounds.
 */
export async function compare(call: {
  readonly peer: string | undefined;
  readonly rounds: number;
  readonly report: (line: string) => void;
}): Promise<ComparisonSide[]> {
  const { peer, rounds, report } = call;
  const commands = [ours, ...(peer === undefined ? [] : [peerCommand(peer, 2, 1), peerCommand(peer, 1, 2)])];
  const walls = commands.map((): number[] => []);
  const trials: (readonly ComparedTrial[] | undefined)[] = [];
  for (let round = 0; round < rounds; round++) {
    for (const [index, command] of commands.entries()) {
      if (round > 0 && trials[index] === undefined) continue;
      const limitMs = patience * Math.min(...walls.flat(), Number.POSITIVE_INFINITY);
      const { wallMs, result } = await timed(command, limitMs);
      report(`${command.name}: ${(wallMs / 1000).toFixed(1)} s${result === undefined ? ', stopped' : ''}`);
      if (result === undefined) continue;
      walls[index]!.push(wallMs);
      trials[index] = result;
    }
  }
  return commands.flatMap(({ name }, index) => {
    const own = trials[index];
    return own === undefined ? [] : [{ name, wallMs: summarize(walls[index]!), trials: own }];
  });
}

/** How long a command takes and what it prints; no result when it was stopped. */
async function timed(command: Command, limitMs: number) {
  const folder = await mkdtemp(join(tmpdir(), 'attune-comparison-'));
  try {
    await writeAtomically(join(folder, 'protocol.json'), JSON.stringify(peerProtocol));
    const start = performance.now();
    const signal =
      limitMs === Number.POSITIVE_INFINITY ? new AbortController().signal : AbortSignal.timeout(Math.ceil(limitMs));
    const result = await command.run(folder, signal).catch((error: unknown) => {
      if (signal.aborted) return undefined;
      throw error;
    });
    return { wallMs: performance.now() - start, result };
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** The command as a user runs it: one process for each core. Nothing is found recorded in an empty folder. */
const ours: Command = {
  name: 'attune run',
  async run(folder, signal) {
    const experiment = fromHere('./comparison-experiment.ts');
    const given = [fromHere('../../packages/cli/bin/attune.js'), 'run', experiment, '--out', folder];
    await output({ command: process.execPath, given, signal });
    return readTrials(folder);
  },
};

function peerCommand(python: string, processes: number, threads: number): Command {
  const script = fromHere('../peer/comparison.py');
  return {
    name: `transformers + PEFT, ${processes} × ${threads}`,
    async run(folder, signal) {
      const options = ['--processes', String(processes), '--threads', String(threads)];
      const lines = (await output({ command: python, given: [script, folder, ...options], signal })).trim().split('\n');
      return lines.map((line) => JSON.parse(line) as ComparedTrial);
    },
  };
}

/** What a command prints. @throws Error when it fails; its messages are on stderr */
async function output({
  command,
  given,
  signal,
}: {
  readonly command: string;
  readonly given: readonly string[];
  readonly signal: AbortSignal;
}): Promise<string> {
  const child = spawn(command, given, { stdio: ['ignore', 'pipe', 'inherit'], signal });
  const [printed, [code]] = await Promise.all([text(child.stdout), once(child, 'exit') as Promise<[number | null]>]);
  if (code !== 0) throw new Error(`comparison: ${command} ${given[0]} ended with code ${code}; its messages are above`);
  return printed;
}

async function readTrials(folder: string): Promise<ComparedTrial[]> {
  const json = async (name: string): Promise<unknown> => JSON.parse(await readFile(join(folder, name), 'utf8'));
  const { trials } = experimentRecordSchema.parse(await json('experiment.json'));
  const names = (await readdir(join(folder, 'records'))).sort();
  const records = await Promise.all(
    names.map(async (name) => trialRecordSchema.parse(await json(join('records', name)))),
  );
  const byKey = new Map(records.map((record) => [record.key, record]));
  return trials.map((trial) => {
    const record = byKey.get(trial.key);
    if (record?.status !== 'completed') {
      throw new Error(`comparison: ${listedName(trial)}: ${record?.status ?? 'not recorded'}: ${record?.message}`);
    }
    const { task, arm, seed } = trial;
    return { method: arm, task, seed, steps: record.counts.steps, score: record.scores.score! };
  });
}
