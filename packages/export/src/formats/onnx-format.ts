import { ConfigError } from '@attune/base';
import { openOnnxModel } from '@attune/engine';
import { exampleCode } from '../card/example-code.ts';
import { onnxCard } from '../card/format-cards.ts';
import { checkOutputs } from '../check-outputs.ts';
import { jsonText, writeFiles } from '../write-folder.ts';
import type { ExportedTrial, ExportFormat, MadeExport } from './export-format.ts';
import { exportedConfig, trainedHead } from './merged-model.ts';
import { paddingId } from './padding-token.ts';
import { evaluateStandalone, inferenceOf, standaloneModel } from './standalone-model.ts';
import { exportedTokenizer } from './tokenizer-files.ts';

/** One file with graph and weights, see `standaloneModel`, beside the tokenizer and an example that runs. */
export const onnxFormat: ExportFormat = {
  problem({ prepared }) {
    try {
      inferenceOf(prepared);
      return undefined;
    } catch (error) {
      if (error instanceof ConfigError) return error.message;
      throw error;
    }
  },
  make,
};

async function make(trial: ExportedTrial): Promise<MadeExport> {
  const { record, prepared, loaded, trained } = trial;
  const bytes = await standaloneModel(prepared, trained);
  const model = await openOnnxModel(bytes);
  const { inputNames } = model;
  const check = await checkOutputs(trial, 'the ONNX file', (instances) =>
    evaluateStandalone({ model, prepared, instances, batchSize: 8 }),
  ).finally(() => model.dispose());
  const { kind, labels, instances } = prepared.report.formulated;
  const tokenizer = exportedTokenizer(loaded, prepared.attachment.numVirtualTokens);
  const example = exampleCode({ instance: instances[0]!, trial, files: tokenizer, inputNames });
  // The graph of a cloze gives the scores of its labels, as a classification does.
  const head = kind === 'cloze' ? 'classification' : trainedHead(trial);
  const config = { ...exportedConfig({ loaded, kind, head, labels, record }), pad_token_id: paddingId(trial) };
  const files = {
    'config.json': jsonText(config),
    'example.mjs': example,
    'model.onnx': bytes,
    'tokenizer.json': jsonText(tokenizer.tokenizer),
    'tokenizer_config.json': jsonText(tokenizer.config),
  };
  return { check, card: onnxCard(trial, { inputNames, example }), write: (folder) => writeFiles(folder, files) };
}
