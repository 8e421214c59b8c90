import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { ConfigError, unknownNameMessage } from '@attune/core';
import { experimentRecordSchema } from '@attune/records';
import { bytes } from '@attune/report';
import {
  barProgress,
  displayPath,
  downloadProgress,
  type ExportFormatName,
  exportFormatNames,
  exportTrial,
  findRecord,
  lineProgress,
  type ProgressListener,
} from '@attune/runner';
import { Command } from 'commander';
import { catalog, repository } from '../catalog.ts';
import { exitCodes } from '../exit-codes.ts';
import { untilInterrupted } from '../interrupts.ts';
import { type SetExitCode, withOffline } from './options.ts';
import { parseReproduceCommand } from './reproduce-command.ts';

interface ExportFlags {
  readonly format: string;
  readonly out?: string;
  readonly experiment?: string;
  readonly data?: string;
  readonly force?: boolean;
}

const examples = `
Examples:
  $ attune export quick/boolq--lora--mini-bert--s1
  $ attune export reports/quick/records/boolq--lora--mini-bert--s1--9d613bae.json --out ../boolq-lora
  $ attune export quick/cb--lora--mini-bert--s1 --format transformers --out ../cb-lora

A trial is named by its record's file, by that file's name or the beginning of it (as in the first example), or by its
key. Its weights are taken from where "attune run --save-weights" kept them; without, the trial is trained again, which
gives the same parameters with the same code, data and machine: the export checks it and refuses others.

Formats, each with a model card, README.md:
  onnx          model.onnx for ONNX Runtime, config.json, the tokenizer's files and example.mjs
  transformers  a model directory for Hugging Face's transformers, adapters merged, with the trial's own head
  peft          an adapter for Hugging Face's PEFT over the base model: adapter_config.json and adapter_model.safetensors`;

export function exportCommand(setExitCode: SetExitCode): Command {
  return withOffline(new Command('export'))
    .description("Writes a trial's trained model to a folder, to be used elsewhere")
    .argument('<trial>', "a record's file, its name or its key")
    .option('--format <name>', exportFormatNames.join(', '), 'onnx')
    .option('--out <folder>', 'where the model goes (default: exports/<trial>)')
    .option('--experiment <file>', "the trial's experiment (default: the one its report names)")
    .option('--data <folder>', 'its data, where that has moved')
    .option('--force', 'replace an earlier export in the folder')
    .addHelpText('after', examples)
    .action(async (trial: string, flags: ExportFlags) => setExitCode(await exportModel(trial, flags)));
}

async function exportModel(trial: string, flags: ExportFlags): Promise<number> {
  const format = formatNamed(flags.format);
  const found = await findRecord(trial, join(repository, 'reports'));
  const folder = resolve(flags.out ?? join('exports', found.name));
  const call = { ...found, ...(await sourceOf(found.output, flags)), catalog, repository, format, folder };
  const progress = trainingProgress();
  const onDownload = downloadProgress(process.stderr);
  try {
    const exported = await untilInterrupted((signal) =>
      exportTrial({ ...call, force: flags.force ?? false, progress, onDownload, signal }),
    );
    const { check } = exported;
    console.log(`Model: ${displayPath(folder)}, ${bytes(exported.bytes)}`);
    const agreement = `largest difference ${check.difference.toExponential(1)}`;
    console.log(`Its outputs on ${check.examples} examples are the trained model's: ${agreement}`);
  } catch (error) {
    if (!(error instanceof Error && error.name === 'AbortError')) throw error;
    console.log('Stopped; nothing was written.');
    return exitCodes.interrupted;
  }
  return exitCodes.ok;
}

function formatNamed(name: string): ExportFormatName {
  const format = exportFormatNames.find((known) => known === name);
  if (format !== undefined) return format;
  throw new ConfigError(`--format: ${unknownNameMessage('format', name, exportFormatNames)}`);
}

/** Tells of the training, where there is one. */
function trainingProgress(): ProgressListener {
  if (process.stdout.isTTY) return barProgress(process.stdout);
  const log = (line: string) => console.log(line);
  return { ...lineProgress(log), start: () => log('Its weights were not kept; training the trial again.') };
}

/** The experiment that a report was made with, by the command it names, unless the options say otherwise. */
async function sourceOf(output: string, flags: ExportFlags) {
  const file = join(output, 'experiment.json');
  const text = await readFile(file, 'utf8').catch(() => undefined);
  const command = text === undefined ? undefined : commandOf(text);
  const run = command === undefined ? undefined : parseReproduceCommand(command);
  const experiment = flags.experiment ?? run?.file;
  if (experiment === undefined) {
    throw new ConfigError(
      `${displayPath(file)}: expected the report's description with the command that made it; pass --experiment <file>`,
    );
  }
  const data = flags.data ?? run?.data;
  const options = {
    ...(data === undefined ? {} : { data: resolve(data) }),
    ...(run?.maxSteps === undefined ? {} : { maxSteps: run.maxSteps }),
  };
  return { source: { file: resolve(experiment), options }, command: command ?? `npx attune run ${experiment}` };
}

function commandOf(text: string): string | undefined {
  try {
    return experimentRecordSchema.parse(JSON.parse(text)).command;
  } catch {
    return undefined;
  }
}
