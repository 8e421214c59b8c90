import { readFile } from 'node:fs/promises';
import { ConfigError, loadModel, writeAtomically } from '@attune/core';
import { type ProbeResult, type ProbeScores, probe, readProbes } from '@attune/lama';
import { downloadProgress } from '@attune/runner';
import { Command } from 'commander';
import { catalog } from '../catalog.ts';
import { exitCodes } from '../exit-codes.ts';
import { textTable } from '../text-table.ts';
import { type EngineFlags, openEngine } from './open-engine.ts';
import { type SetExitCode, withOffline } from './options.ts';

const examples = `
Examples:
  $ attune probe --model mini-bert --data datasets/world/lama/stated
  $ attune probe --model ../bert-base-cased --data lama/TREx --vocabulary common_vocab_cased.txt --json probe.json

The folder holds <relation>.jsonl for each relation of relations.jsonl, which lies beside them or one folder above.
Nothing is trained: each fact is asked as a cloze. P@1 and P@10 are in percent, MRR is the mean of 1 / rank; majority is
the P@1 of always answering a relation's most frequent object.`;

interface ProbeFlags extends EngineFlags {
  readonly model: string;
  readonly data: string;
  readonly vocabulary?: string;
  readonly json?: string;
}

export function probeCommand(setExitCode: SetExitCode): Command {
  return withOffline(new Command('probe'))
    .description('Asks a pre-trained model for facts, as LAMA does')
    .requiredOption('--model <name>', 'a model directory, a known model or a hub id')
    .requiredOption('--data <folder>', 'facts in the form of LAMA, a file for each relation')
    .option('--vocabulary <file>', 'words among which answers are sought, one a line (default: all objects)')
    .option('--engine <name>', 'the engine to run on, see "attune doctor"')
    .option('--device <name>', 'where the onnx engine computes: cpu (the default), webgpu or cuda')
    .option('--json <file>', 'writes the result there as well')
    .addHelpText('after', examples)
    .action(async (flags: ProbeFlags) => {
      const result = await probeModel(flags);
      for (const line of lines(result)) console.log(line);
      if (flags.json !== undefined) await writeAtomically(flags.json, `${JSON.stringify(result, null, 2)}\n`);
      setExitCode(exitCodes.ok);
    });
}

async function probeModel({ model: name, data, vocabulary, ...flags }: ProbeFlags) {
  const probes = await readProbes(data);
  const { model, values, tokenizer } = await loadModel(catalog.models[name] ?? name, {
    onProgress: downloadProgress(process.stderr),
  });
  const words = vocabulary === undefined ? {} : { vocabulary: await readWords(vocabulary) };
  const engine = await openEngine(flags);
  try {
    return await probe({ model, values, tokenizer, engine, probes, ...words });
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

function lines({ relations, mean, vocabularySize }: ProbeResult): string[] {
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
    `Answers are sought among ${vocabularySize} tokens.`,
  ];
}
