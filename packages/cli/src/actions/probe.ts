import { readFile } from 'node:fs/promises';
import { ConfigError, textTable } from '@attune/base';
import { writeAtomically } from '@attune/base/node';
import { loadModel } from '@attune/checkpoints/node';
import { type ProbeResult, type ProbeScores, probe, type Ranking } from '@attune/lama';
import { readProbes } from '@attune/lama/node';
import { downloadProgress } from '@attune/runner/node';
import { catalog } from '../catalog.ts';
import { exitCodes } from '../exit-codes.ts';
import { say } from '../say.ts';
import { type EngineFlags, openEngine } from './open-engine.ts';

/** Flags of `attune probe`. */
export interface ProbeFlags extends EngineFlags {
  readonly model: string;
  readonly data: string;
  readonly vocabulary?: string;
  readonly ranking: Ranking;
  readonly json?: string;
}

/**
 * Prints how many facts a model knows, by relation and in all.
 *
 * @returns an exit code
 * @throws ConfigError for a model that is not there; DatasetError for facts that cannot be read
 */
export async function probeFacts(flags: ProbeFlags): Promise<number> {
  const result = await probeModel(flags);
  for (const line of lines(result)) say(line);
  if (flags.json !== undefined) await writeAtomically(flags.json, `${JSON.stringify(result, null, 2)}\n`);
  return exitCodes.ok;
}

async function probeModel({ model: name, data, vocabulary, ranking, ...flags }: ProbeFlags) {
  const probes = await readProbes(data);
  const { model, values, tokenizer } = await loadModel(catalog.models[name] ?? name, {
    onProgress: downloadProgress(process.stderr),
  });
  const words = vocabulary === undefined ? {} : { vocabulary: await readWords(vocabulary) };
  const engine = await openEngine(flags);
  try {
    return await probe({ model, values, tokenizer, engine, probes, ranking, ...words });
  } finally {
    await engine.dispose();
  }
}

async function readWords(file: string): Promise<string[]> {
  const text = await readFile(file, 'utf8').catch((error: Error) => {
    throw new ConfigError(`--vocabulary ${file}: cannot be read: ${error.message}`, { cause: error });
  });
  return text.split(/\r?\n/).filter((word) => word !== '');
}

function lines({ relations, mean, vocabularySize, ranking }: ProbeResult): string[] {
  const percent = (share: number) => (100 * share).toFixed(1);
  const cells = (scores: ProbeScores) => [
    percent(scores.precisionAt1),
    percent(scores.precisionAt10),
    scores.meanReciprocalRank.toFixed(3),
    percent(scores.majority),
  ];
  const rows = relations.map((result) => [
    result.relation,
    result.template,
    `${result.asked}${result.leftOut === 0 ? '' : ` of ${result.asked + result.leftOut}`}`,
    ...cells(result),
  ]);
  const head = ['relation', 'template', 'facts', 'P@1', 'P@10', 'MRR', 'majority'];
  return [
    ...textTable([head, ...rows, ['mean', '', '', ...cells(mean)]], 2),
    `Answers are sought among ${vocabularySize} tokens, ${othersText[ranking]}.`,
  ];
}

const othersText: Readonly<Record<Ranking, string>> = {
  paper: "a subject's other right objects left out",
  'released-code': "a subject's other right objects among them",
};
