import { hashTensors, randomSource } from '@attune/base';
import { lora, loraSettings } from '@attune/lora';
import { rte } from '@attune/superglue';
import { createObjective, fineTune, paddingOf } from '@attune/training';

// Not from @attune/testing's entry, which also has a server of files.
import { referenceEngine } from '../../testing/src/reference-engine.ts';
import { tinyBert, tinyTokenizer } from '../../testing/src/tiny-model.ts';

const rows = [
  { idx: 0, premise: 'The boat is red.', hypothesis: 'it is red', label: 'entailment' },
  { idx: 1, premise: 'The lamp was old.', hypothesis: 'it is a bridge', label: 'not_entailment' },
];
const training = { learningRate: 1e-2, batchSize: 2, epochs: 3, warmupRatio: 0.1, weightDecay: 0.01, l1: 0, l2: 0 };

/** What a page that fine-tunes would do: rows from bytes, a tiny BERT with LoRA, three steps with dropout. */
export async function trainTiny(): Promise<{ readonly losses: readonly number[]; readonly hash: string }> {
  const { model, values } = tinyBert({ hidden_dropout_prob: 0.1, attention_probs_dropout_prob: 0.1 });
  const tokenizer = tinyTokenizer();
  const bytes = new TextEncoder().encode(rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  const settings = loraSettings.parse({ rank: 2, dropout: 0.1 });
  const random = randomSource(1);
  const attachment = lora.attach({ model, values, settings, random: random.fork('attach') });
  const { instances, labels } = rte.formulate({
    rows: rte.parseRows(bytes, 'train.jsonl'),
    purpose: 'train',
    formulation: 'head',
    tokenizer,
    maxLength: 32,
    numVirtualTokens: attachment.numVirtualTokens,
    seed: 1,
  });
  const tuned = await fineTune({
    engine: referenceEngine(),
    model,
    values,
    attachment,
    objective: createObjective({ kind: 'classification', model, numLabels: labels.length }),
    instances,
    settings: { ...training, maxLength: 32, evaluationsPerEpoch: 1 },
    random,
    ...paddingOf(tokenizer),
  });
  const hash = hashTensors(tuned.values());
  tuned.dispose();
  return { losses: tuned.losses, hash };
}
