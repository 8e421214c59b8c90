import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { bytes, ConfigError, unknownNameMessage } from '@attune/base';
import { displayPath } from '@attune/base/node';
import { type ExportFormatName, exportFormatNames, exportTrial, findRecord } from '@attune/export';
import { parseExperimentRecord } from '@attune/records';
import { barProgress, downloadProgress, lineProgress, type ProgressListener } from '@attune/runner/node';
import { catalog, repository } from '../catalog.ts';
import { exitCodes } from '../exit-codes.ts';
import { untilInterrupted } from '../interrupts.ts';
import { say } from '../say.ts';
import { parseReproduceCommand } from './run.ts';

/** Flags of `attune export`. */
export interface ExportFlags {
  readonly format: string;
  readonly out?: string;
  readonly experiment?: string;
  readonly data?: string;
  readonly force?: boolean;
}

/**
 * Exports a trial's model and says how far its outputs are from those of the trained one.
 *
 * @param trial  a record's file, its name or its key
 * @returns      an exit code
 * @throws ConfigError for a trial or a format that is not there, or a format that the trial's model does not have
 */
export async function exportModel(trial: string, flags: ExportFlags): Promise<number> {
  const format = formatNamed(flags.format);
  const found = await findRecord(trial, join(repository, 'reports'));
  const folder = resolve(flags.out ?? join('exports', found.name, format));
  const call = { ...found, ...(await sourceOf(found.output, flags)), catalog, repository, format, folder };
  const progress = trainingProgress();
  const onDownload = downloadProgress(process.stderr);
  try {
    const exported = await untilInterrupted((signal) =>
      exportTrial({ ...call, force: flags.force ?? false, progress, onDownload, signal }),
    );
    const { check } = exported;
    say(`Model: ${displayPath(folder)}, ${bytes(exported.bytes)}`);
    const agreement = `largest difference ${check.difference.toExponential(1)}`;
    say(`Its outputs on ${check.examples} examples are the trained model's: ${agreement}`);
  } catch (error) {
    if (!(error instanceof Error && error.name === 'AbortError')) throw error;
    say('Stopped; nothing was written.');
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
  return { ...lineProgress(say), start: () => say('Its weights were not kept; training the trial again.') };
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
  const read = parseExperimentRecord(text);
  return 'value' in read ? read.value.command : undefined;
}
