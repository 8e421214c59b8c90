import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip, gzipSync } from 'node:zlib';
import { ConfigError } from '@attune/base';
import { displayPath, readBytes, writeAtomically } from '@attune/base/node';
import { parseScores, recordFileName, sha256, type TrialRecord } from '@attune/records';

type RecordName = Pick<TrialRecord, 'key' | 'config'>;

/**
 * Where an experiment's output folder has the scores of a trial's answers: `predictions/<record's name>.jsonl.gz`. The
 * record has the hash of its text, not of the packed bytes, which differ between versions of zlib. The file is not
 * committed: a clone does without, and a run with --fresh makes it again.
 */
export function scoresFile(output: string, record: RecordName): string {
  return join(output, 'predictions', recordFileName(record).replace(/\.json$/, '.jsonl.gz'));
}

/** Writes the scores of a trial unless they are there already. @throws ConfigError when they cannot be written */
export async function writeScores(output: string, record: RecordName, text: string): Promise<void> {
  const file = scoresFile(output, record);
  if ((await readText(file).catch(() => undefined)) === text) return;
  await writeAtomically(file, gzipSync(text, { level: 9 }));
}

/**
 * The scores of a trial's answers, in the order of its predictions; `null` for an answer without. Undefined when the
 * record speaks of none or the file is not there.
 *
 * @throws ConfigError when the file is not the one its record speaks of
 */
export async function readScores(
  output: string,
  record: TrialRecord,
): Promise<readonly (readonly number[] | null)[] | undefined> {
  const { scoresHash } = record.predictions;
  if (scoresHash === undefined) return undefined;
  const file = scoresFile(output, record);
  let text: string | undefined;
  try {
    text = await readText(file);
  } catch (error) {
    throw unusable(file, `cannot be read: ${(error as Error).message}`);
  }
  if (text === undefined) return undefined;
  if (sha256(text) !== scoresHash) throw unusable(file, 'it is not the file that its record speaks of');
  return parseScores(text);
}

/** Undefined when there is no such file. */
async function readText(file: string): Promise<string | undefined> {
  const packed = await readBytes(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  return packed === undefined ? undefined : (await promisify(gunzip)(packed)).toString('utf8');
}

function unusable(file: string, problem: string): ConfigError {
  return new ConfigError(
    `${displayPath(file)}: ${problem}; delete it, and run its trial again with --fresh if the scores are wanted`,
  );
}
