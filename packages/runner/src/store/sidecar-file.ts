import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip, gzipSync } from 'node:zlib';
import { ConfigError, sha256Hex } from '@attune/base';
import { displayPath, readBytes, writeAtomically } from '@attune/base/node';
import { parseLosses, parseScores, recordFileName, type TrialRecord } from '@attune/records';

type RecordName = Pick<TrialRecord, 'key' | 'config'>;

/** What a trial leaves beside its record: many numbers as JSON lines, of which the record has the hash. */
interface Sidecar<Value> {
  /** Folder of the experiment's output. */
  readonly folder: string;
  /** In messages. */
  readonly content: string;
  /** Undefined where the record speaks of none. */
  readonly hashOf: (record: TrialRecord) => string | undefined;
  readonly parse: (text: string) => Value;
}

const sidecars = {
  scores: {
    ...{ folder: 'predictions', content: 'the scores', parse: parseScores },
    hashOf: ({ predictions }) => predictions.scoresHash,
  } satisfies Sidecar<ReturnType<typeof parseScores>>,
  losses: {
    ...{ folder: 'losses', content: 'the losses', parse: parseLosses },
    hashOf: ({ lossesHash }) => lossesHash,
  } satisfies Sidecar<ReturnType<typeof parseLosses>>,
};

/** Texts of a trial that go to files beside its record, each where there is one: see `scoresText`, `lossesText`. */
export type SidecarTexts = { readonly [Kind in keyof typeof sidecars]?: string };

/** Every kind of such a text. */
export const sidecarKinds = Object.keys(sidecars) as (keyof SidecarTexts)[];

/**
 * Where an experiment's output folder has the scores of a trial's answers, `predictions/<record's name>.jsonl.gz`, or its
 * losses, `losses/<the same>`. The record has the hash of the text, not of the packed bytes, which differ between
 * versions of zlib. A folder without these files is whole; a run with --fresh makes them again.
 */
export function sidecarFile(output: string, kind: keyof SidecarTexts, record: RecordName): string {
  return join(output, sidecars[kind].folder, recordFileName(record).replace(/\.json$/, '.jsonl.gz'));
}

/** Writes a text of a trial unless it is there already. @throws ConfigError when it cannot be written */
export async function writeSidecar(
  output: string,
  kind: keyof SidecarTexts,
  { record, text }: { readonly record: RecordName; readonly text: string },
): Promise<void> {
  const file = sidecarFile(output, kind, record);
  if ((await readText(file).catch(() => undefined)) === text) return;
  await writeAtomically(file, gzipSync(text, { level: 9 }));
}

/**
 * The scores of a trial's answers, in the order of its predictions; `null` for an answer without. Undefined when the
 * record speaks of none or the file is not there: git does not keep these files.
 *
 * @param output  folder of the experiment, `reports/quick` for example
 * @throws ConfigError when the file is not the one its record speaks of
 */
export function readScores(
  output: string,
  record: TrialRecord,
): Promise<readonly (readonly number[] | null)[] | undefined> {
  return readSidecar(output, 'scores', { record, ...sidecars.scores });
}

/**
 * The loss of every step of a trial's training, penalties included, in order; `null` for one that was not finite.
 * `Math.fround` gives the bits that were computed. Undefined when there was no step or the file is not there.
 *
 * @param output  folder of the experiment, `reports/quick` for example
 * @throws ConfigError when the file is not the one its record speaks of
 */
export function readLosses(output: string, record: TrialRecord): Promise<readonly (number | null)[] | undefined> {
  return readSidecar(output, 'losses', { record, ...sidecars.losses });
}

async function readSidecar<Value>(
  output: string,
  kind: keyof SidecarTexts,
  { record, hashOf, parse, content }: Sidecar<Value> & { readonly record: TrialRecord },
): Promise<Value | undefined> {
  const hash = hashOf(record);
  if (hash === undefined) return undefined;
  const file = sidecarFile(output, kind, record);
  let text: string | undefined;
  try {
    text = await readText(file);
  } catch (error) {
    throw unusable(file, content, `cannot be read: ${(error as Error).message}`);
  }
  if (text === undefined) return undefined;
  if (sha256Hex(text) !== hash) throw unusable(file, content, 'it is not the file that its record speaks of');
  return parse(text);
}

/** Undefined when there is no such file. */
async function readText(file: string): Promise<string | undefined> {
  const packed = await readBytes(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  return packed === undefined ? undefined : (await promisify(gunzip)(packed)).toString('utf8');
}

function unusable(file: string, content: string, problem: string): ConfigError {
  return new ConfigError(
    `${displayPath(file)}: ${problem}; delete it, and run its trial again with --fresh if ${content} are wanted`,
  );
}
