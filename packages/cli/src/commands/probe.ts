import { Command, Option } from 'commander';
import type { ProbeFlags } from '../actions/probe.ts';
import { type SetExitCode, withOffline } from './options.ts';

const examples = `
Examples:
  $ attune probe --model mini-bert --data datasets/world/lama/stated
  $ attune probe --model ../bert-base-cased --data lama/TREx --vocabulary common_vocab_cased.txt --json probe.json

The folder holds <relation>.jsonl for each relation of relations.jsonl, which lies beside them or one folder above.
Nothing is trained: each fact is asked as a cloze. P@1 and P@10 are in percent, MRR is the mean of 1 / rank; majority is
the P@1 of always answering a relation's most frequent object. A subject may have several right objects: by the paper the
others leave the ranking of each; the authors' released code keeps them in it, and figures made with it are lower.`;

/** `attune probe`: flags and help; its action is loaded when it is run. */
export function probeCommand(setExitCode: SetExitCode): Command {
  return withOffline(new Command('probe'))
    .description('Asks a pre-trained model for facts, as LAMA does')
    .requiredOption('--model <name>', 'a model directory, a known model or a hub id')
    .requiredOption('--data <folder>', 'facts in the form of LAMA, a file for each relation')
    .option('--vocabulary <file>', 'words among which answers are sought, one a line (default: all objects)')
    .addOption(
      new Option('--ranking <name>', "whether a subject's other right objects leave the ranking, or stay in it")
        .choices(['paper', 'released-code'])
        .default('paper'),
    )
    .option('--engine <name>', 'the engine to run on, see "attune doctor"')
    .option('--device <name>', 'where the onnx engine computes: cpu (the default), webgpu or cuda')
    .option('--json <file>', 'writes the result there as well')
    .addHelpText('after', examples)
    .action(async (flags: ProbeFlags) => {
      const { probeFacts } = await import('../actions/probe.ts');
      setExitCode(await probeFacts(flags));
    });
}
