import { Command } from 'commander';
import type { VerifyFlags } from '../actions/verify.ts';
import { parseCount, type SetExitCode, withOffline } from './options.ts';

const examples = `
Examples:
  $ attune verify reports/quick
  $ attune verify --prove reports/quick
  $ attune verify --prove --write experiments/quick.ts

Without --prove the files are read and checked to be what a run wrote. With it, the present code does all that can be
done without training (it traces the steps, makes the instances and batches, computes three steps, scores the recorded
answers) and every record is compared with it. A run does the same for records that other code made, before it trusts
them. Exit code 1: some record is not what the present code computes.`;

/** `attune verify`: flags and help; its action is loaded when it is run. */
export function verifyCommand(setExitCode: SetExitCode): Command {
  return withOffline(new Command('verify'))
    .description('Checks the records of a report, and proves them without training')
    .argument('<report>', "a report's folder, or an experiment's file")
    .option('--prove', 'compare each record with what the present code computes')
    .option('--write', 'with --prove: keep in proved.json that all hold, so that other clones need not prove them')
    .option('--experiment <file>', "the report's experiment (default: the one it names)")
    .option('--data <folder>', 'its data, where that has moved')
    .option('--out <folder>', "with an experiment's file: where its records are (default: reports/<experiment>)")
    .option('--workers <count>', 'processes side by side (default: one per core, as memory allows)', parseCount)
    .option('--threads <count>', 'threads of each process (default: its share of the cores)', parseCount)
    .addHelpText('after', examples)
    .action(async (report: string, flags: VerifyFlags) => {
      const { verify } = await import('../actions/verify.ts');
      setExitCode(await verify(report, flags));
    });
}
