import { floatTensor, type HostTensor, type HostTensors, type NoiseRequest } from '@attune/base';
import { expectAllClose, expectClose, tinyBert } from '@attune/testing';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ForwardContext, Hooks, LinearHook, ModelInputs } from '../contracts/model.ts';
import { fromTensor, toTensors } from '../device-tensors.ts';
import { evaluationContext } from './layers/dropout.ts';
import { countParameters } from './layers/parameters.ts';

const { model, values, config } = tinyBert();
const sequences = [
  [2, 9, 14, 7, 30, 3],
  [2, 11, 8, 3],
  [2, 40, 41, 42, 3],
];
/** Sums may be taken in another order when shapes differ; float32 has 7 digits. */
const sameValues = { relative: 1e-5, absolute: 1e-5 };

beforeAll(async () => {
  await tf.setBackend('cpu');
});

function batchOf(rows: readonly (readonly number[])[], length: number): ModelInputs {
  const filled = (fill: (row: readonly number[], place: number) => number) =>
    tf.tensor2d(
      rows.flatMap((row) => Array.from({ length }, (_, place) => fill(row, place))),
      [rows.length, length],
      'int32',
    );
  return {
    inputIds: filled((row, place) => row[place] ?? 0),
    tokenTypeIds: filled((row, place) => (place >= 3 && place < row.length ? 1 : 0)),
    attentionMask: filled((row, place) => (place < row.length ? 1 : 0)),
  };
}

interface Run {
  readonly inputs: ModelInputs;
  readonly hooks?: Hooks;
  readonly context?: ForwardContext;
  readonly from?: HostTensors;
}

/** Last hidden states of the real positions, one tensor per sequence. */
function encode({ inputs, hooks = {}, context = evaluationContext, from = values }: Run): HostTensor[] {
  const last = tf.tidy(() => model.encode({ parameters: toTensors(from), inputs, hooks, context }).last);
  const lengths = tf.sum(inputs.attentionMask, 1).dataSync();
  return [...lengths].map((length, row) =>
    fromTensor(tf.reshape(tf.slice(last, [row, 0, 0], [1, length, model.hiddenSize]), [length, model.hiddenSize])),
  );
}

describe('createBert', () => {
  it('has as many parameters as the formula says', () => {
    const { hidden_size: h, vocab_size: v, intermediate_size: f, num_hidden_layers: layers } = config;
    const layer = 4 * (h * h + h) + (h * f + f) + (f * h + h) + 4 * h;
    const head = v + (h * h + h) + 2 * h;
    const expected =
      (v + config.max_position_embeddings + config.type_vocab_size + 2) * h + layers * layer + h * h + h + head;
    expect(countParameters(model.parameters)).toBe(expected);
    expect(countParameters(model.parameters, ({ layer: index }) => index === 1)).toBe(layer);
  });

  it('lists projections whose weights are parameters of that shape and layer', () => {
    const specs = new Map(model.parameters.map((spec) => [spec.name, spec]));
    expect(model.projections).toHaveLength(12);
    for (const { name, layer, inputSize, outputSize } of model.projections) {
      expect(specs.get(`${name}.weight`)).toMatchObject({ shape: [outputSize, inputSize], layer, decay: true });
      expect(specs.get(`${name}.bias`)).toMatchObject({ shape: [outputSize], layer, decay: false });
    }
  });

  it('has a decoder of its own when the config unties it', () => {
    const untied = tinyBert({ tie_word_embeddings: false });
    const hidden = tf.ones([1, 16]) as tf.Tensor2D;
    const decoder = 'cls.predictions.decoder.weight';
    const zeroed = new Map([...untied.values, [decoder, floatTensor([50, 16], new Array(800).fill(0))]]);
    const logits = fromTensor(untied.model.languageModelLogits({ hidden, parameters: toTensors(zeroed) }));
    expectClose(logits, floatTensor([1, 50], new Array(50).fill(0)), sameValues);
    expect(untied.model.parameters.at(-1)).toMatchObject({ name: decoder, shape: [50, 16], role: 'lm-head' });
  });
});

describe('padding and order', () => {
  it.each([7, 11, 32])('padding to %i positions changes nothing', (length) => {
    const expected = encode({ inputs: batchOf(sequences, 6) });
    encode({ inputs: batchOf(sequences, length) }).forEach((hidden, row) => {
      expectClose(hidden, expected[row]!, sameValues);
    });
  });

  it('permuting the batch permutes the output', () => {
    const expected = encode({ inputs: batchOf(sequences, 6) });
    const order = [2, 0, 1];
    const permuted = encode({
      inputs: batchOf(
        order.map((row) => sequences[row]!),
        6,
      ),
    });
    order.forEach((row, place) => {
      expectClose(permuted[place]!, expected[row]!, sameValues);
    });
  });

  it('refuses a sequence longer than the position table', () => {
    expect(() => encode({ inputs: batchOf(sequences, 33) })).toThrow(
      'bert.embeddings.position_embeddings: input ids [3, 33] are longer than the position table, 32; cut the sequences',
    );
  });
});

describe('encodeRows', () => {
  const forward = { hooks: {}, context: evaluationContext };
  const gradientsOf = (read: (parameters: ReadonlyMap<string, tf.Tensor>) => tf.Tensor) => {
    const names = model.parameters.filter(({ role }) => role === 'encoder').map(({ name }) => name);
    const tensors = toTensors(values);
    const loss = (...trained: tf.Tensor[]) => {
      const parameters = new Map([...tensors, ...names.map((name, index) => [name, trained[index]!] as const)]);
      const output = read(parameters);
      return tf.sum(tf.mul(output, tf.reshape(tf.linspace(-1, 1, output.size), output.shape))) as tf.Scalar;
    };
    const { value, grads } = tf.valueAndGrads(loss)(names.map((name) => tensors.get(name)!));
    return new Map([['loss', fromTensor(value)], ...names.map((name, i) => [name, fromTensor(grads[i]!)] as const)]);
  };

  it('equals gathering from the full computation, gradients included, rows repeated or not', () => {
    const inputs = batchOf(sequences, 6);
    const rows = tf.tensor2d([2, 0, 9, 9, 17, 12], [3, 2], 'int32');
    const all = (parameters: ReadonlyMap<string, tf.Tensor>) => {
      const { last } = model.encode({ ...forward, parameters, inputs });
      return tf.gather(tf.reshape(last, [-1, model.hiddenSize]), tf.reshape(rows, [-1]));
    };
    const some = (parameters: ReadonlyMap<string, tf.Tensor>) =>
      model.encodeRows({ ...forward, parameters, inputs, rows });
    expectAllClose(gradientsOf(some), gradientsOf(all), sameValues);
  });

  it('is what the pooled output reads: the first position of each sequence', () => {
    const inputs = batchOf(sequences, 6);
    const pooledOf = (hidden: tf.Tensor, parameters: ReadonlyMap<string, tf.Tensor>) =>
      tf.tanh(
        tf.add(
          tf.matMul(hidden as tf.Tensor2D, parameters.get('bert.pooler.dense.weight') as tf.Tensor2D, false, true),
          parameters.get('bert.pooler.dense.bias')!,
        ),
      );
    const all = (parameters: ReadonlyMap<string, tf.Tensor>) => {
      const { last } = model.encode({ ...forward, parameters, inputs });
      return pooledOf(tf.squeeze(tf.slice(last, [0, 0, 0], [3, 1, model.hiddenSize]), [1]), parameters);
    };
    const head = model.sequenceHead('classification', model.hiddenSize);
    const some = (parameters: ReadonlyMap<string, tf.Tensor>) => {
      const identity = new Map<string, tf.Tensor>([
        ['classifier.weight', tf.eye(model.hiddenSize)],
        ['classifier.bias', tf.zeros([model.hiddenSize])],
      ]);
      return head.logits({ ...forward, parameters: new Map([...parameters, ...identity]), inputs });
    };
    expectAllClose(gradientsOf(some), gradientsOf(all), sameValues);
  });
});

describe('hooks', () => {
  it('reach every projection with rows of its sizes', () => {
    const seen: string[] = [];
    const output: LinearHook['output'] = ({ name, input, output }) => {
      seen.push(`${name} ${input.shape.join('×')} ${output.shape.join('×')}`);
      return output;
    };
    encode({ inputs: batchOf(sequences, 6), hooks: { linear: { output } } });
    expect(seen).toEqual(
      model.projections.map(({ name, inputSize, outputSize }) => `${name} 18×${inputSize} 18×${outputSize}`),
    );
  });

  it('replace a projection as if its weights had changed', () => {
    const name = 'bert.encoder.layer.0.attention.self.value';
    const bias = values.get(`${name}.bias`)!;
    const moved = new Map([
      ...values,
      [
        `${name}.bias`,
        floatTensor(
          bias.shape,
          [...bias.data].map((b) => b + 0.5),
        ),
      ],
    ]);
    const output: LinearHook['output'] = (call) => (call.name === name ? tf.add(call.output, 0.5) : call.output);
    const inputs = batchOf(sequences, 6);
    const expected = encode({ inputs, from: moved });
    encode({ inputs, hooks: { linear: { output } } }).forEach((hidden, row) => {
      expectClose(hidden, expected[row]!, sameValues);
    });
  });

  it('replace word embeddings, and only those', () => {
    const inputs = batchOf(sequences, 6);
    const table = values.get('bert.embeddings.word_embeddings.weight')!;
    const doubled = new Map([
      ...values,
      [
        'bert.embeddings.word_embeddings.weight',
        floatTensor(
          table.shape,
          [...table.data].map((v) => 2 * v),
        ),
      ] as const,
    ]);
    const inputEmbeddings: Hooks['inputEmbeddings'] = ({ embeddings }) => tf.mul(embeddings, 2);
    const expected = encode({ inputs, from: doubled });
    encode({ inputs, hooks: { inputEmbeddings } }).forEach((hidden, row) => {
      expectClose(hidden, expected[row]!, sameValues);
    });
    expect(() =>
      encode({ inputs, hooks: { inputEmbeddings: ({ embeddings }) => tf.slice(embeddings, [0], [1]) } }),
    ).toThrow(
      'input embeddings hook: expected shape [3, 6, 16], got [1, 6, 16]; a hook returns the shape it was given',
    );
  });

  it('put keys and values before one layer, seen from every position whatever the padding', () => {
    const keyValuePrefix: Hooks['keyValuePrefix'] = ({ layer, batchSize }) =>
      layer === 1 ? { key: tf.fill([batchSize, 2, 3, 8], 0.3), value: tf.fill([batchSize, 2, 3, 8], 2) } : undefined;
    const hooks = { keyValuePrefix };
    const plain = encode({ inputs: batchOf(sequences, 6) });
    const expected = encode({ inputs: batchOf(sequences, 6), hooks });
    encode({ inputs: batchOf(sequences, 9), hooks }).forEach((hidden, row) => {
      expectClose(hidden, expected[row]!, sameValues);
      expect(() => expectClose(hidden, plain[row]!, sameValues)).toThrow('element');
    });
  });
});

describe('dropout', () => {
  let requests: NoiseRequest[] = [];
  beforeEach(() => {
    requests = [];
  });
  const context = (overrides: Partial<ForwardContext> = {}): ForwardContext => ({
    training: true,
    firstNoisyLayer: 0,
    noise: (request) => {
      requests.push(request);
      return tf.ones([...request.shape]);
    },
    ...overrides,
  });
  const run = (overrides?: Partial<ForwardContext>) => {
    encode({ inputs: batchOf(sequences, 6), context: context(overrides) });
    return requests.map(({ site, shape, rate }) => `${site} ${shape.join('×')} ${rate}`);
  };
  const layer = (index: number, rate = 0.1) => [
    `bert.encoder.layer.${index}.attention.self 3×2×6×6 ${rate}`,
    `bert.encoder.layer.${index}.attention.output 18×16 ${rate}`,
    `bert.encoder.layer.${index}.output 18×16 ${rate}`,
  ];

  it('is at the embeddings, the probabilities and both residual branches', () => {
    expect(run()).toEqual(['bert.embeddings 18×16 0.1', ...layer(0), ...layer(1)]);
  });

  it('starts at firstNoisyLayer; the embeddings go with layer 0', () => {
    expect(run({ firstNoisyLayer: 1 })).toEqual(layer(1));
    requests = [];
    expect(run({ firstNoisyLayer: 2 })).toEqual([]);
  });

  it('is off outside training and at rate 0, and takes the rate of the context', () => {
    expect(run({ training: false })).toEqual([]);
    expect(run({ dropout: 0 })).toEqual([]);
    expect(run({ dropout: 0.5 })).toEqual(['bert.embeddings 18×16 0.5', ...layer(0, 0.5), ...layer(1, 0.5)]);
  });

  it('multiplies by the mask it is given', () => {
    const noise = ({ site, shape }: NoiseRequest) =>
      tf.fill([...shape], site === 'bert.encoder.layer.1.output' ? 0 : 1);
    const name = 'bert.encoder.layer.1.output.dense';
    const silent: LinearHook['output'] = (call) => (call.name === name ? tf.mul(call.output, 0) : call.output);
    const inputs = batchOf(sequences, 6);
    const expected = encode({ inputs, hooks: { linear: { output: silent } } });
    encode({ inputs, context: context({ noise }) }).forEach((hidden, row) => {
      expectClose(hidden, expected[row]!, sameValues);
    });
  });
});
