import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseTrialRecord, type TrialRecord } from '@attune/records';
import { expect, vi } from 'vitest';
import { main } from '../src/main.ts';

const bin = fileURLToPath(new URL('../bin/attune.js', import.meta.url));

interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The command as a process of its own, as a shell starts it, in this working directory or another. */
export function spawnAttune(
  args: readonly string[],
  options: { readonly cwd?: string } = {},
): { child: ChildProcess; finished: Promise<Finished> } {
  const child = spawn(process.execPath, [bin, ...args], { stdio: ['ignore', 'pipe', 'pipe'], ...options });
  const output = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text) => {
    output.stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text) => {
    output.stderr += text;
  });
  const finished = new Promise<Finished>((resolve) => {
    child.on('close', (code) => resolve({ code, ...output }));
  });
  return { child, finished };
}

/** The command within the test's process: quicker, for what ends before it starts a worker. */
export async function attune(args: readonly string[]): Promise<Finished> {
  const output = { stdout: '', stderr: '' };
  const log = vi.spyOn(console, 'log').mockImplementation((text: string) => {
    output.stdout += `${text}\n`;
  });
  const write = (stream: 'stdout' | 'stderr') =>
    vi.spyOn(process[stream], 'write').mockImplementation((text) => {
      output[stream] += String(text);
      return true;
    });
  const [stdout, stderr] = [write('stdout'), write('stderr')];
  try {
    const code = await main(['node', 'attune', ...args]);
    return { code, ...output };
  } finally {
    for (const spy of [log, stdout, stderr]) spy.mockRestore();
  }
}

/**
 * Records of an output folder by file name. One that is not as it was written fails the test, and so does one of the
 * tiny world's model whose training was no better on dev than none: all that follows would be about the untrained model.
 */
export function readAllRecords(output: string): Map<string, TrialRecord> {
  const folder = join(output, 'records');
  const names = readdirSync(folder).filter((name) => name.endsWith('.json'));
  return new Map(names.sort().map((name) => [name, readRecord(folder, name)]));
}

function readRecord(folder: string, name: string): TrialRecord {
  const read = parseTrialRecord(readFileSync(join(folder, name), 'utf8'), name);
  if (!('value' in read)) throw new Error(`${name}: ${read.problems.join('; ')}`);
  const { status, config, counts, selection } = read.value;
  if (status === 'completed' && config.model.name.startsWith('tiny') && counts.steps > 0) {
    expect(selection?.bestStep, `${name}: the step that was kept`).toBeGreaterThan(0);
  }
  return read.value;
}

/** What must be the same in any run: everything but how it was run, and the hash of all. */
export function timeless({ run, hash, ...rest }: TrialRecord) {
  return rest;
}
