import { Command, Option } from 'commander';
import type { PretrainFlags } from '../actions/pretrain.ts';
import { parseCount, type SetExitCode } from './options.ts';

const example = `
Example:
  $ attune pretrain --recipe datasets/checkpoints/mini-bert/recipe.json --out ../mini-bert

The recipe's folder also holds config.json, tokenizer.json and tokenizer_config.json. The same files give the same
checkpoint, byte for byte, on the same engine. It is written when training is over. Until then the state is kept in
--out: after Ctrl-C, or if the process is killed, the same command goes on and gives the same bytes.

Of the built-in models, which have 2 layers of 128, --size small makes ones of 4 layers of 256, with the same corpus and
half the learning rate; config.json and recipe.json in --out say which.`;

/** `attune pretrain`: flags and help; its action is loaded when it is run. */
export function pretrainCommand(setExitCode: SetExitCode): Command {
  return new Command('pretrain')
    .description('Trains a model as a language model, masked or causal, by a recipe')
    .requiredOption('--recipe <file>', 'a recipe.json, beside the model it describes')
    .requiredOption('--out <folder>', 'where the checkpoint goes')
    .addOption(
      new Option('--size <size>', 'the described model, or one of twice its layers, heads and widths')
        .choices(['as-described', 'small'])
        .default('as-described'),
    )
    .option('--engine <name>', 'the engine to run on, see "attune doctor"')
    .option('--device <name>', 'where the onnx engine computes: cpu (the default), webgpu or cuda')
    .option('--threads <count>', "the engine's threads", parseCount)
    .option('--checkpoint-every <steps>', 'how often the state is kept, 200 when absent', parseCount)
    .addHelpText('after', example)
    .action(async (flags: PretrainFlags) => {
      const { pretrain } = await import('../actions/pretrain.ts');
      setExitCode(await pretrain(flags));
    });
}
