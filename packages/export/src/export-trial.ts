import { availableParallelism } from 'node:os';
import { join, relative } from 'node:path';
import { ConfigError, shellWord } from '@attune/base';
import { selectEngine } from '@attune/engine';
import { outcomeText, trialName } from '@attune/runner/node';
import { modelCard } from './card/model-card.ts';
import type { OutputCheck } from './formats/export-format.ts';
import { type ExportFormatName, exportFormats, requireFormat } from './formats/export-formats.ts';
import { type RestoreCall, restoreTrial } from './restore-trial.ts';
import { checkFolder, writeFiles, writeFolder } from './write-folder.ts';

/** Which trial's model is exported, in which format, into which folder; `force` replaces an earlier export there. */
export interface ExportCall extends RestoreCall {
  readonly format: ExportFormatName;
  /** The command that made the record, for the model card. */
  readonly command: string;
  readonly folder: string;
  readonly force: boolean;
}

/** What was written, and how it compares with the trained model. */
export interface Exported {
  /** Bytes of all files. */
  readonly bytes: number;
  readonly check: OutputCheck;
}

/**
 * Writes the model of a recorded trial to a folder, in one of the formats, with a model card. Its outputs are compared
 * with the trained model's first.
 *
 * @throws ConfigError when the trial did not complete, has no such form or cannot be had again, or the folder cannot
 *   take it
 * @throws TraceError when the model cannot be written as ONNX
 * @throws DOMException named AbortError when the signal is aborted; nothing was written then
 */
export async function exportTrial(call: ExportCall): Promise<Exported> {
  const { record, format, folder, force } = call;
  requireCompleted(call);
  await checkFolder(folder, force);
  const { name, device } = record.config.engine;
  const engine = await selectEngine({ name, device, threads: availableParallelism() });
  try {
    const { trained, ...trial } = await restoreTrial(call, engine);
    requireFormat(format, trial);
    const { check, card, write } = await exportFormats[format].make({
      ...{ ...trial, engine, folder, trained: await trained() },
    });
    const commands = [call.command, exportCommand(call)];
    const bytes = await writeFolder(folder, async (partial) => {
      await write(partial);
      await writeFiles(partial, { 'README.md': modelCard({ trial, card, check, commands }) });
    });
    return { bytes, check };
  } finally {
    await engine.dispose();
  }
}

function requireCompleted({ record, arm }: ExportCall): void {
  if (record.status === 'completed') return;
  throw new ConfigError(
    `${trialName({ ...record, ...(arm === undefined ? {} : { arm }) })}: ${outcomeText(record)}; only a completed trial has a model to export`,
  );
}

/** With a relative path, as the command that made the record has its paths. */
function exportCommand({ output, name, format }: ExportCall): string {
  const options = format === 'onnx' ? '' : ` --format ${format}`;
  return `npx attune export ${shellWord(relative('', join(output, 'records', `${name}.json`)))}${options}`;
}
