import { Command } from 'commander';
import type { ListedKind } from '../actions/list.ts';
import type { SetExitCode } from './options.ts';

const example = `
Examples:
  $ attune list
  $ attune list tasks`;

const kinds: readonly ListedKind[] = ['methods', 'tasks', 'models', 'experiments'];

export function listCommand(setExitCode: SetExitCode): Command {
  return new Command('list')
    .description('Shows the known methods, tasks, models and experiments')
    .argument('[kind]', kinds.join(', '))
    .addHelpText('after', example)
    .action(async (kind: string | undefined) => {
      const { list } = await import('../actions/list.ts');
      setExitCode(await list(kind));
    });
}
