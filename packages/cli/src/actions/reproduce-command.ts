import { relative } from 'node:path';
import type { RunOptions } from '@attune/runner';
import type { RunFlags } from './run-flags.ts';

/**
 * The command that gives the same report again, paths relative to the working directory. Workers and
 * threads are left out, and where hoisting keeps its values: they do not change a result.
 */
export function reproduceCommand(file: string, flags: RunFlags): string {
  const options: [string, string | undefined][] = [
    ['--data', flags.data === undefined ? undefined : path(flags.data)],
    ['--out', flags.out === undefined ? undefined : path(flags.out)],
    ['--tasks', flags.tasks?.join(',')],
    ['--methods', flags.methods?.join(',')],
    ['--models', flags.models?.join(',')],
    ['--seeds', flags.seeds?.join(',')],
    ['--engine', flags.engine],
    ['--device', flags.device],
    ['--max-steps', flags.maxSteps?.toString()],
  ];
  const given = options.flatMap(([name, value]) => (value === undefined ? [] : [name, quoted(value)]));
  return ['npx attune run', quoted(path(file)), ...given].join(' ');
}

const path = (given: string) => relative('', given) || '.';

const quoted = (text: string) => (/^[\w./,@:+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);

/** What a command of `reproduceCommand` runs: the experiment's file, and the options that decide its trials. */
export interface ReproducedRun extends RunOptions {
  readonly file: string;
}

/** Reads `reproduceCommand`'s text back; undefined when it is not one. Paths are as they stand in it. */
export function parseReproduceCommand(command: string): ReproducedRun | undefined {
  const words = [...command.matchAll(/(?:'[^']*'|\\'|[^\s'\\])+/g)].map(([word]) =>
    word.replace(/'([^']*)'|\\(')/g, '$1$2'),
  );
  const [npx, attune, run, file, ...options] = words;
  if (npx !== 'npx' || attune !== 'attune' || run !== 'run' || file === undefined) return undefined;
  const read = <Value>(name: string, parse: (text: string) => Value): Record<string, Value> => {
    const place = options.indexOf(`--${name}`);
    const key = name.replace(/-(.)/, (_, letter: string) => letter.toUpperCase());
    return place < 0 ? {} : { [key]: parse(options[place + 1] ?? '') };
  };
  const text = (given: string) => given;
  const names = (given: string) => given.split(',');
  return {
    file,
    ...read('data', text),
    ...{ ...read('tasks', names), ...read('methods', names), ...read('models', names) },
    ...read('seeds', (given) => names(given).map(Number)),
    ...{ ...read('engine', text), ...read('device', text) },
    ...read('max-steps', Number),
  };
}
