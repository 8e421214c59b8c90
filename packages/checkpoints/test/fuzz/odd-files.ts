import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { basename, join } from 'node:path';

/** What may lie where a file is expected, put at a path: none of them may be waited for, and a device never ends. */
export const oddFiles: readonly ((path: string) => void)[] = [
  (path) => execFileSync('mkfifo', [path]),
  (path) => mkdirSync(path),
  (path) => symlinkSync(basename(path), path),
  (path) => symlinkSync('nothing', path),
  (path) => symlinkSync('.', path),
  (path) => symlinkSync('/dev/zero', path),
  (path) => {
    const fifo = join(path, '..', 'fifo');
    rmSync(fifo, { force: true });
    execFileSync('mkfifo', [fifo]);
    symlinkSync('fifo', path);
  },
];
