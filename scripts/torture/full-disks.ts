import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { RandomSource } from '@attune/base';
import { type Arguments, runToEnd, startRun } from './attune-process.ts';
import { differencesOf } from './output-folder.ts';

/** A disk that can be made small and large again. */
export interface Disk {
  /** A folder on it. */
  readonly folder: string;
  /** What the shell has to do before a run that meets the small disk. */
  readonly before: string;
  readonly grow: () => void;
  readonly remove: () => void;
}

/** A disk in memory of so many bytes; undefined where this user may make none. */
export function memoryDisk(folder: string, bytes: number): Disk | undefined {
  mkdirSync(folder, { recursive: true });
  const mount = (...options: string[]) => execFileSync('mount', options, { stdio: 'pipe' });
  try {
    mount('-t', 'tmpfs', '-o', `size=${bytes}`, 'tmpfs', folder);
  } catch {
    return undefined;
  }
  return {
    ...{ folder, before: '' },
    grow: () => mount('-o', 'remount,size=64m', folder),
    remove: () => {
      execFileSync('umount', [folder]);
      rmSync(folder, { recursive: true });
    },
  };
}

/** A folder in which no file may be larger than a number of KiB: what any user can have of a disk that is full. */
export function smallFiles(folder: string, bytes: number): Disk {
  mkdirSync(folder, { recursive: true });
  return {
    folder,
    before: `ulimit -f ${Math.ceil(bytes / 1024)};`,
    grow: () => {},
    remove: () => rmSync(folder, { recursive: true }),
  };
}

/** Runs on disks that fill up, and the folder of one that met none. */
export interface DiskCall {
  readonly args: Arguments;
  readonly undisturbed: string;
  readonly disks: number;
  readonly random: RandomSource;
  /** Bytes at which a disk is full, from and below. */
  readonly bytes: readonly [number, number];
  readonly makeDisk: (index: number, bytes: number) => Disk;
  readonly tell: (line: string) => void;
}

/**
 * Runs on a disk that fills up at a random byte, frees it and runs again.
 *
 * @returns how many runs the disk stopped, and what differs in the end
 */
export async function fillDisks(call: DiskCall): Promise<{ readonly stopped: number; readonly differing: string[] }> {
  const differing: string[] = [];
  const [least, most] = call.bytes;
  let stopped = 0;
  for (let index = 0; index < call.disks; index += 1) {
    const bytes = least + call.random.fork(index).integer(most - least);
    const disk = call.makeDisk(index, bytes);
    try {
      const output = join(disk.folder, 'out');
      const { code, text } = await startRun(call.args, output, disk.before).ended;
      if (code !== 0 && !/cannot be written: .*\((ENOSPC|EFBIG)\)/.test(text))
        throw new Error(`exit code ${code}:\n${text}`);
      if (code !== 0) stopped += 1;
      disk.grow();
      await runToEnd(call.args, output);
      const lines = differencesOf(output, call.undisturbed);
      differing.push(...lines.map((line) => `disk ${index} (${bytes} bytes): ${line}`));
      const said = text.split('\n').find((line) => line.includes('cannot be written')) ?? 'it ended';
      call.tell(`disk ${index} of ${bytes} bytes: ${said.slice(0, 150)}; ${lines.length} differences`);
    } finally {
      disk.remove();
    }
  }
  return { stopped, differing };
}
