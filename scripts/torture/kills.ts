import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { RandomSource } from '@attune/base';
import { type Arguments, childrenOf, type Running, startRun } from './attune-process.ts';
import { differencesOf } from './output-folder.ts';

/** Whom a signal is sent to: the command and its workers, the command alone, or one worker. */
const victims = ['group', 'parent', 'worker'] as const;
type Victim = (typeof victims)[number];

/** Runs that are killed, and the folder of one that was not. */
export interface KillCall {
  readonly args: Arguments;
  readonly undisturbed: string;
  /** Where outputs go. */
  readonly folder: string;
  readonly kills: number;
  readonly random: RandomSource;
  /** How long an undisturbed run takes. */
  readonly durationMs: number;
  readonly tell: (line: string) => void;
}

/**
 * Kills runs (SIGKILL) at random moments, most of them once trials run, and starts each again until it ends by itself.
 *
 * @returns how many kills met a run before it ended, and what differs in the end
 */
export async function killRuns(call: KillCall): Promise<{ readonly kills: number; readonly differing: string[] }> {
  const differing: string[] = [];
  let kills = 0;
  for (let run = 0; kills < call.kills; run += 1) {
    const output = join(call.folder, `run-${run}`);
    const met: Victim[] = [];
    while (!(await survives(output, call, met)))
      call.tell(`run ${run}: ${met.length} kills, the last of the ${met.at(-1)}`);
    kills += met.length;
    const lines = differencesOf(output, call.undisturbed);
    differing.push(...lines.map((line) => `run ${run} (${met.join(', ')}): ${line}`));
    call.tell(
      `run ${run}: killed ${met.length} times (${met.join(', ')}), ${lines.length} differences; ${kills} kills`,
    );
  }
  return { kills, differing };
}

/** Starts the run and kills it, or a part of it; true when it ended by itself before, with everything done. */
async function survives(output: string, call: KillCall, met: Victim[]): Promise<boolean> {
  const { random, durationMs } = call;
  const draw = random.fork(output).fork(met.length);
  const running = startRun(call.args, output);
  let isOver = false;
  void running.ended.then(() => {
    isOver = true;
  });
  const afterStart = draw.uniform() < 0.75;
  while (afterStart && !isOver && !isAtTrials(output)) await setTimeout(10);
  const moment = setTimeout(draw.uniform() * durationMs * (afterStart ? 0.5 : 1));
  await Promise.race([moment, running.ended]);
  const victim = victims[draw.integer(victims.length)]!;
  const hit = !isOver && kill(running, victim);
  if (hit) met.push(victim);
  const { code, text } = await running.ended;
  // A run whose worker was killed goes on, records that trial as failed (1) and is run again.
  if (code !== 0 && !(hit && (code === null || code === 1 || code === 137))) {
    throw new Error(`exit code ${code}:\n${text}`);
  }
  return code === 0;
}

function kill({ child }: Running, victim: Victim): boolean {
  const pid = child.pid!;
  try {
    if (victim === 'group') return process.kill(-pid, 'SIGKILL');
    if (victim === 'parent') return process.kill(pid, 'SIGKILL');
    const worker = childrenOf(pid)[0];
    return worker !== undefined && process.kill(worker, 'SIGKILL');
  } catch {
    return false;
  }
}

function isAtTrials(output: string): boolean {
  const claims = join(output, 'records', '.claims');
  return existsSync(claims) && readdirSync(claims).some((name) => /^[0-9a-f]{64}/.test(name));
}
