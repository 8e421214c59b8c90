import { Command } from 'commander';
import type { ListedKind } from '../actions/list.ts';
import type { SetExitCode } from './options.ts';

const example = `
Examples:
  $ attune list
  $ attune list tasks`;

/** By name, so that one which is missing is an error of types. */
const kinds: Readonly<Record<ListedKind, true>> = {
  methods: true,
  tasks: true,
  models: true,
  data: true,
  experiments: true,
};

/** `attune list`: help; its action is loaded when it is run. */
export function listCommand(setExitCode: SetExitCode): Command {
  return new Command('list')
    .description('Shows the known methods, tasks, models, data and experiments')
    .argument('[kind]', Object.keys(kinds).join(', '))
    .addHelpText('after', example)
    .action(async (kind: string | undefined) => {
      const { list } = await import('../actions/list.ts');
      setExitCode(await list(kind));
    });
}
