import { Command, Option } from 'commander';
import type { CostCommandFlags } from '../actions/cost.ts';
import { parseCount, parseRate, type SetExitCode, withOffline } from './options.ts';

const examples = `
Examples:
  $ attune cost --model mini-bert
  $ attune cost --model bert-large/config.json --method lora --rank 8 --batch 32 --length 256
  $ attune cost --model google-bert/bert-large-uncased --method lora
  $ attune cost --model bert-large/config.json --batch 32 --length 256 --hardware t4 --examples 10000

Nothing is run and no weights are read: a step is traced and counted. --hardware takes this (fitted to measured steps),
t4, rtx-4090, a100-80gb, h100 (data sheets), or a .json file with your own.`;

/** What a check has its own of. */
const notWithCheck = ['model', 'method', 'settings', 'batch', 'length', 'dropout', 'hardware', 'examples'];

/** `attune cost`: flags and help; its action is loaded when it is run. */
export function costCommand(setExitCode: SetExitCode): Command {
  return withOffline(new Command('cost'))
    .description('Shows what methods cost on a model, without running them')
    .option('--model <name>', 'a config.json, a model directory, a known model or a hub id')
    .option('--method <name>', 'only this method (default: all)')
    .option('--settings <json>', `the method's settings, e.g. '{"rank":8}'`)
    .option('--batch <count>', 'sequences in a batch', parseCount, 16)
    .option('--length <count>', 'tokens in a sequence', parseCount, 128)
    .option('--dropout <rate>', "dropout rate instead of the model's own", parseRate)
    .option('--hardware <name>', 'adds time and whether it fits')
    .option('--examples <count>', 'adds the time of an epoch of so many examples', parseCount)
    .addOption(
      new Option('--check', 'runs steps of its own on this machine and compares: takes minutes').conflicts(
        notWithCheck,
      ),
    )
    .addOption(
      new Option(
        '--calibrate',
        'like --check, and fits the hardware "this" (this-machine.json) to what was measured',
      ).conflicts(notWithCheck),
    )
    .argument('[settings...]', 'settings of the method, e.g. --rank 8')
    .allowUnknownOption()
    .addHelpText('after', examples)
    .action(async (settings: readonly string[], flags: CostCommandFlags) => {
      const { cost } = await import('../actions/cost.ts');
      setExitCode(await cost(flags, settings));
    });
}
