import { randomSource } from '@attune/base';
import { expectClose, tinyFamilies } from '@attune/testing';
import { createObjective } from '@attune/training';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ForwardCall, ForwardContext, Hooks, LinearHook, Model, ModelInputs } from '../../contracts/model.ts';
import { fromTensor, toTensors } from '../../device-tensors.ts';
import { modelFamily } from '../families.ts';
import { evaluationContext } from '../layers/dropout.ts';
import { initializeParameters } from '../layers/parameters.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const subjects = new Map(tinyFamilies().map(({ title, subject }) => [title, subject]));
const tiny = (title: string) => subjects.get(title)!;
const encoders = ['roberta', 'distilbert', 'albert', 'electra, a generator'] as const;
const inputs: ModelInputs = {
  inputIds: tf.tensor2d([2, 9, 14, 3, 2, 11, 3, 0], [2, 4], 'int32'),
  tokenTypeIds: tf.zeros([2, 4], 'int32'),
  attentionMask: tf.tensor2d([1, 1, 1, 1, 1, 1, 1, 0], [2, 4], 'int32'),
};

function callOf(title: string, change: Partial<ForwardCall> = {}): ForwardCall {
  return { parameters: toTensors(tiny(title).values), inputs, hooks: {}, context: evaluationContext, ...change };
}

/** The dropout sites of a training pass, with rates where it is not 0.1. */
function sitesOf(read: (context: ForwardContext) => void): string[] {
  const sites: string[] = [];
  const noise: ForwardContext['noise'] = ({ site, shape, rate }) => {
    sites.push(rate === 0.1 ? site : `${site} ${rate}`);
    return tf.ones([...shape]);
  };
  tf.tidy(() => read({ training: true, firstNoisyLayer: 0, noise }));
  return sites;
}

describe('dropout is where the reference implementation has it', () => {
  const layer = (path: string) => [`${path}.attention.self`, `${path}.attention.output`, `${path}.output`];

  it.each<[string, string[]]>([
    ['roberta', [0, 1].flatMap((index) => layer(`roberta.encoder.layer.${index}`))],
    ['electra, a generator', [0, 1].flatMap((index) => layer(`electra.encoder.layer.${index}`))],
    [
      'distilbert',
      [0, 1].flatMap((index) => {
        const path = `distilbert.transformer.layer.${index}`;
        return [`${path}.attention.self`, `${path}.output`];
      }),
    ],
    // Of each application, though the modules are the same.
    ['albert', [0, 1].flatMap((index) => layer(`albert.encoder.layer.${index}`).slice(0, 2))],
  ])('%s', (title, expected) => {
    const { model } = tiny(title);
    const sites = sitesOf((context) => model.encode(callOf(title, { context })));
    const rate = title === 'albert' ? ' 0' : '';
    const own = expected.map((site) => (site.endsWith('.self') ? `${site}${rate}` : site));
    expect(sites).toEqual([`${model.family}.embeddings`, ...own.filter((site) => !site.endsWith(' 0'))]);
    const dropped = sitesOf((context) => model.encode(callOf(title, { context: { ...context, dropout: 0.5 } })));
    expect(dropped).toEqual([`${model.family}.embeddings`, ...expected].map((site) => `${site} 0.5`));
  });

  it.each<[string, 'classification' | 'choice', string[]]>([
    ['roberta', 'classification', ['classifier.dense', 'classifier.out_proj']],
    ['roberta', 'choice', ['classifier']],
    ['distilbert', 'classification', ['classifier 0.2']],
    ['distilbert', 'choice', ['classifier 0.2']],
    ['albert', 'classification', ['classifier']],
    ['electra, a discriminator', 'classification', ['classifier.dense', 'classifier.out_proj']],
    ['electra, a discriminator', 'choice', ['classifier']],
  ])('%s, %s', (title, kind, expected) => {
    const { model, values } = tiny(title);
    const head = model.sequenceHead(kind, 2);
    const own = initializeParameters(head.parameters, randomSource(0));
    const parameters = toTensors(new Map([...values, ...own]));
    // The layers are frozen, the head is not.
    const sites = sitesOf((context) => {
      head.logits(callOf(title, { parameters, context: { ...context, firstNoisyLayer: model.numLayers } }));
    });
    expect(sites).toEqual(expected);
  });
});

describe('hooks', () => {
  it.each(encoders)('reach every projection of %s, at sites of their own', (title) => {
    const { model } = tiny(title);
    const seen: string[] = [];
    const sites = new Set<string>();
    const output: LinearHook['output'] = ({ name, site, input, output }) => {
      seen.push(`${name} ${input.shape[1]} ${output.shape[1]}`);
      sites.add(site);
      return output;
    };
    tf.tidy(() => void model.encode(callOf(title, { hooks: { linear: { output } } })));
    const listed = model.projections.map(({ name, inputSize, outputSize }) => `${name} ${inputSize} ${outputSize}`);
    expect([...new Set(seen)]).toEqual(listed);
    expect(sites.size).toBe(6 * model.numLayers);
    expect(seen).toHaveLength(6 * model.numLayers);
  });

  it.each(encoders)('put keys and values before each layer of %s', (title) => {
    const { model } = tiny(title);
    const last = (layers: readonly number[]) => {
      const keyValuePrefix: Hooks['keyValuePrefix'] = ({ layer, batchSize }) =>
        layers.includes(layer)
          ? { key: tf.fill([batchSize, 2, 1, 8], 0.3), value: tf.fill([batchSize, 2, 1, 8], 2) }
          : undefined;
      return [...tf.tidy(() => model.encode(callOf(title, { hooks: { keyValuePrefix } })).last.dataSync())];
    };
    const outputs = [[], [0], [1], [0, 1]].map((layers) => last(layers).join());
    expect(new Set(outputs).size).toBe(4);
  });
});

describe('the head for masked tokens', () => {
  it.each(encoders)('of %s reads the rows of the tokens that are asked for alone', (title) => {
    const { model, values } = tiny(title);
    const hidden = tf.randomNormal([3, 16], 0, 1, 'float32', 7) as tf.Tensor2D;
    const parameters = toTensors(values);
    const all = model.languageModelLogits({ hidden, parameters });
    const some = model.languageModelLogits({ hidden, parameters, ids: [7, 0, 7] });
    const tolerance = { relative: 1e-5, absolute: 1e-5 };
    expectClose(fromTensor(some), fromTensor(tf.gather(all, [7, 0, 7], 1)), tolerance);
  });

  it('is not there in a discriminator', () => {
    const { model } = tiny('electra, a discriminator');
    expect(() => createObjective({ kind: 'cloze', model, verbalizer: [[5], [6]] })).toThrow(
      'electra: this model tells replaced tokens and has no words for a cloze; pose the task with a classification ' +
        'head, or take a generator',
    );
    expect(() => model.languageModelLogits({ hidden: tf.zeros([1, 16]), parameters: new Map() })).toThrow(
      'electra: a discriminator tells replaced tokens and has no vocabulary logits; give a task a classification head, ' +
        'or take a generator, whose config.json says ElectraForMaskedLM in architectures',
    );
  });
});

it('a sequence may be as long as the positions after the padding token', () => {
  const { model } = tiny('roberta');
  expect(model.maxLength).toBe(32);
  const ofLength = (length: number): ModelInputs => {
    const ones = tf.ones([1, length], 'int32') as tf.Tensor2D;
    return { inputIds: ones, tokenTypeIds: tf.zerosLike(ones), attentionMask: ones };
  };
  const encode = (length: number) => model.encode(callOf('roberta', { inputs: ofLength(length) })).last.shape;
  expect(encode(32)).toEqual([1, 32, 16]);
  expect(() => encode(33)).toThrow(
    'roberta.embeddings.position_embeddings: input ids [1, 33] are longer than the position table, 32; cut the sequences',
  );
});

describe('modules that layers share', () => {
  const config = {
    ...{ model_type: 'albert', vocab_size: 50, hidden_size: 16, embedding_size: 8, num_attention_heads: 2 },
    ...{ intermediate_size: 32, max_position_embeddings: 32, num_hidden_layers: 3, num_hidden_groups: 2 },
  };
  const path = 'albert.encoder.albert_layer_groups';
  const layersOf = (model: Model) =>
    new Map(model.projections.map(({ name, layer }) => [name.slice(path.length + 1).split('.attention', 1)[0], layer]));

  it('are listed once, and belong to a layer where only that one has them', () => {
    const { model } = modelFamily(config, 'x').create(config, 'x');
    expect(model.numLayers).toBe(3);
    expect(model.projections).toHaveLength(12);
    // Layers 0 and 1 are of group 0, layer 2 of group 1.
    expect(layersOf(model).get('0.albert_layers.0')).toBeUndefined();
    expect(layersOf(model).get('1.albert_layers.0')).toBe(2);
  });

  it('may be several in a group', () => {
    const deep = { ...config, num_hidden_groups: 3, inner_group_num: 2 };
    const { model } = modelFamily(deep, 'x').create(deep, 'x');
    expect(model.numLayers).toBe(6);
    expect(layersOf(model).get('2.albert_layers.1')).toBe(5);
  });
});
