import { relative } from 'node:path';
import type { RunFlags } from './run-flags.ts';

/**
 * The command that gives the same report again, paths relative to the working directory. Workers are left out:
 * they do not change a result. Threads do, in its last digits.
 */
export function reproduceCommand(file: string, flags: RunFlags): string {
  const options: [string, string | undefined][] = [
    ['--data', flags.data === undefined ? undefined : path(flags.data)],
    ['--out', flags.out === undefined ? undefined : path(flags.out)],
    ['--tasks', flags.tasks?.join(',')],
    ['--methods', flags.methods?.join(',')],
    ['--models', flags.models?.join(',')],
    ['--seeds', flags.seeds?.join(',')],
    ['--threads', flags.threads?.toString()],
    ['--engine', flags.engine],
    ['--device', flags.device],
    ['--max-steps', flags.maxSteps?.toString()],
  ];
  const given = options.flatMap(([name, value]) => (value === undefined ? [] : [name, quoted(value)]));
  return ['npx attune run', quoted(path(file)), ...given].join(' ');
}

const path = (given: string) => relative('', given) || '.';

const quoted = (text: string) => (/^[\w./,@:+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);
