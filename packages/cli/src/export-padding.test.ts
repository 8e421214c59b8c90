import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openOnnxModel } from '@attune/engine';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attune, readAllRecords } from '../test/attune.ts';
import { tinyWorld, writeExperiment } from '../test/tiny-world.ts';

// The vocabulary begins with [PAD] 0, [UNK] 1, [CLS] 2, [SEP] 3, [MASK] 4.
const gpt2 = {
  ...{ model_type: 'gpt2', n_embd: 16, n_inner: 32, n_layer: 1, n_head: 2, n_positions: 64 },
  pad_token_id: 0,
};

let world: Awaited<ReturnType<typeof tinyWorld>>;
const at = (...names: string[]) => join(world.folder, ...names);
const json = (...names: string[]) => JSON.parse(readFileSync(at(...names), 'utf8'));
const card = (format: string) => readFileSync(at(format, 'README.md'), 'utf8');

/** A GPT-2 whose configuration pads with 0, and whose tokenizer pads with [SEP], 3, on the left. */
beforeAll(async () => {
  world = await tinyWorld(gpt2);
  const names = { pad_token: '[SEP]', eos_token: '[SEP]', bos_token: '[CLS]', cls_token: null, sep_token: null };
  writeFileSync(at('model', 'tokenizer_config.json'), JSON.stringify({ ...names, padding_side: 'left' }));
  const tokenizer = json('model', 'tokenizer.json');
  const padding = { strategy: 'BatchLongest', direction: 'Left', pad_id: 0, pad_type_id: 0, pad_token: '[PAD]' };
  const changed = { ...tokenizer, post_processor: null, padding: { ...padding, pad_to_multiple_of: null } };
  writeFileSync(at('model', 'tokenizer.json'), JSON.stringify(changed));
  const arms = [{ method: 'lora', settings: { rank: 2 }, formulation: 'head' }];
  const experiment = writeExperiment(world.folder, { arms, tasks: ['boolq'], seeds: [1] });
  const run = ['run', experiment, '--out', at('out'), '--workers', '1', '--max-steps', '40', '--save-weights'];
  expect(await attune(run)).toMatchObject({ code: 0 });
  const [record] = [...readAllRecords(at('out')).keys()];
  for (const format of ['onnx', 'transformers', 'peft']) {
    const args = ['export', at('out', 'records', record!), '--format', format, '--out', at(format)];
    expect(await attune(args)).toMatchObject({ code: 0, stderr: '' });
  }
}, 120_000);
afterAll(() => world.remove());

describe('exports of a decoder that pads otherwise than its tokenizer', () => {
  it.each(['onnx', 'transformers'])("have the tokenizer's token and the right side in their files: %s", (format) => {
    expect(json(format, 'config.json').pad_token_id).toBe(3);
    expect(json(format, 'tokenizer_config.json')).toMatchObject({ pad_token: '[SEP]', padding_side: 'right' });
    const padding = { direction: 'Right', pad_id: 3, pad_token: '[SEP]', strategy: 'BatchLongest' };
    expect(json(format, 'tokenizer.json').padding).toMatchObject(padding);
  });

  it('say so in the options of an adapter, whose files have no place for it', () => {
    expect(readdirSync(at('peft')).sort()).toEqual(['README.md', 'adapter_config.json', 'adapter_model.safetensors']);
    expect(card('peft')).toContain('from_pretrained(base, padding_side="right", pad_token="[SEP]")\n');
    expect(card('peft')).toContain('    pad_token_id=3,\n');
  });

  it.each(['transformers', 'peft'])('say in words how to pad: %s', (format) => {
    expect(card(format)).toContain('Batches are padded on the right, with `[SEP]` (id\n3)');
  });
});

describe("an ONNX export's card", () => {
  it('lists the inputs that the file has, and how to pad them', async () => {
    const model = await openOnnxModel(readFileSync(at('onnx', 'model.onnx')));
    await model.dispose();
    expect(model.inputNames).toEqual(['input_ids', 'attention_mask']);
    const ports = [...card('onnx').matchAll(/^\| `(\w+)` \| (?:int64|float32) /gm)].map(([, name]) => name);
    expect(ports).toEqual([...model.inputNames, 'logits']);
    expect(card('onnx')).toContain('Pad on the right, ids with 3 (`[SEP]`), all else\nwith 0');
    expect(readFileSync(at('onnx', 'example.mjs'), 'utf8')).not.toContain('token_type_ids');
  });
});
