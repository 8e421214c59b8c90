import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const bin = fileURLToPath(new URL('../../packages/cli/bin/attune.js', import.meta.url));

/** What is run again and again: an experiment's file and options. */
export type Arguments = readonly string[];

/** Trials of seconds: tasks and models that ship with the repository, few steps. */
export const smallRun: Arguments = [
  ...['experiments/quick.ts', '--tasks', 'cb,wsc', '--methods', 'lora,zero-shot', '--seeds', '1,2'],
  ...['--max-steps', '4', '--threads', '1'],
];

/** A run of `attune` that is going on. */
export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<{ readonly code: number | null; readonly text: string }>;
}

/** Starts a run with two workers, in a process group of its own, under `bash -c 'exec ...'` with what comes before. */
export function startRun(args: Arguments, output: string, before = ''): Running {
  const words = [process.execPath, bin, 'run', ...args, '--workers', '2', '--out', output];
  const command = `${before} exec ${words.map((word) => `'${word}'`).join(' ')}`;
  const child = spawn('bash', ['-c', command], { detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (part: string) => {
      text += part;
    });
  }
  const ended = new Promise<{ code: number | null; text: string }>((resolve) => {
    child.on('close', (code) => resolve({ code, text }));
  });
  return { child, ended };
}

/** Runs to the end. @throws Error with all that it said when it does not end well */
export async function runToEnd(args: Arguments, output: string): Promise<void> {
  const { code, text } = await startRun(args, output).ended;
  if (code !== 0) throw new Error(`exit code ${code}:\n${text}`);
}

/** Processes that a process has started and that are there. */
export function childrenOf(pid: number): readonly number[] {
  return execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' })
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
    .flatMap(([child, parent]) => (parent === pid ? [child!] : []));
}
