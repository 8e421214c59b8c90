import { Command } from 'commander';
import type { ExportFlags } from '../actions/export.ts';
import { type SetExitCode, withOffline } from './options.ts';

/** By name, so that one which is missing is an error of types. */
const formats: Readonly<Record<ExportFlags['format'], true>> = { onnx: true, transformers: true, peft: true };

const examples = `
Examples:
  $ attune export quick/boolq--lora--mini-bert--s1
  $ attune export reports/quick/records/boolq--lora--mini-bert--s1--9d613bae.json --out ../boolq-lora
  $ attune export quick/cb--lora--mini-bert--s1 --format transformers --out ../cb-lora

A trial is named by its record's file, by its name or the beginning of it (as in the first example; with the arm's
label or the method's name), or by its key. Its weights are taken from where "attune run --save-weights" kept them; without, the trial is trained again, which
gives the same parameters with the same code, data and machine: the export checks it and refuses others.

Formats, each with a model card, README.md:
  onnx          model.onnx for ONNX Runtime, config.json, the tokenizer's files and example.mjs
  transformers  a model directory for Hugging Face's transformers, adapters merged, with the trial's own head
  peft          an adapter for Hugging Face's PEFT over the base model: adapter_config.json and adapter_model.safetensors`;

/** `attune export`: flags and help; its action is loaded when it is run. */
export function exportCommand(setExitCode: SetExitCode): Command {
  return withOffline(new Command('export'))
    .description("Writes a trial's trained model to a folder, to be used elsewhere")
    .argument('<trial>', "a record's file, its name or its key")
    .option('--format <name>', Object.keys(formats).join(', '), 'onnx')
    .option('--out <folder>', 'where the model goes (default: exports/<trial>/<format>)')
    .option('--experiment <file>', "the trial's experiment (default: the one its report names)")
    .option('--data <folder>', 'its data, where that has moved')
    .option('--force', 'replace an earlier export in the folder')
    .addHelpText('after', examples)
    .action(async (trial: string, flags: ExportFlags) => {
      const { exportModel } = await import('../actions/export.ts');
      setExitCode(await exportModel(trial, flags));
    });
}
