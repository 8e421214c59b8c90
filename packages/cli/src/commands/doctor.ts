import { Command } from 'commander';
import type { SetExitCode } from './options.ts';

const example = `
Example:
  $ attune doctor

Shows each engine with its version, or why it is not available and what would make it so. Exits with 2 when no engine
can run here.`;

/** `attune doctor`: help; its action is loaded when it is run. */
export function doctorCommand(setExitCode: SetExitCode): Command {
  return new Command('doctor')
    .description('Shows what this machine can run on')
    .addHelpText('after', example)
    .action(async () => {
      const { doctor } = await import('../actions/doctor.ts');
      setExitCode(await doctor());
    });
}
