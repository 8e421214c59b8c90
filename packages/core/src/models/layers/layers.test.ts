import { floatTensor, type HostTensor, type HostTensors, intTensor, randomSource, type Tensors } from '@attune/base';
import { checkGradients, expectClose } from '@attune/testing';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { compute, exact, randomTensors, taken, weighted } from '../../../test/layer-checks.ts';
import type { LinearHook } from '../../contracts/model.ts';
import { toTensor } from '../../device-tensors.ts';
import { gelu } from './activations.ts';
import { additiveMask, attention } from './attention.ts';
import { evaluationContext } from './dropout.ts';
import { hookedLinear, linear } from './linear.ts';
import { layerNorm } from './norms.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

describe('gelu', () => {
  it('has the values of the exact form', () => {
    // From Python: x * 0.5 * (1 + math.erf(x / math.sqrt(2))).
    const expected = [-0.004049694095, -0.158655253931, 0, 0.345731230631, 0.841344746069, 2.995950305905];
    const actual = compute(() => gelu(tf.tensor1d([-3, -1, 0, 0.5, 1, 3])));
    expectClose(actual, floatTensor([6], expected), exact);
  });

  it('has the gradient that central differences give', async () => {
    const values = randomTensors({ x: [4, 5] });
    await checkGradients({ loss: (tensors) => weighted(gelu(taken(tensors, 'x'))), values, random: randomSource(1) });
  });
});

describe('layerNorm', () => {
  it('normalises each row without correction of the variance', () => {
    const parameters = new Map([
      ['norm.weight', tf.tensor1d([1, 2, 1, 1])],
      ['norm.bias', tf.tensor1d([0, 0, 0, 10])],
    ]);
    const input = tf.tensor2d([[1, 2, 3, 4]]);
    const unit = 1 / Math.sqrt(1.25);
    const expected = floatTensor([1, 4], [-1.5 * unit, -0.5 * unit * 2, 0.5 * unit, 1.5 * unit + 10]);
    expectClose(
      compute(() => layerNorm({ name: 'norm', input, epsilon: 1e-12, parameters })),
      expected,
      exact,
    );
  });

  it('has the gradients that central differences give', async () => {
    const values = randomTensors({ x: [3, 6], 'norm.weight': [6], 'norm.bias': [6] });
    const loss = (tensors: Tensors) =>
      weighted(layerNorm({ name: 'norm', input: taken(tensors, 'x'), epsilon: 0.1, parameters: tensors }));
    await checkGradients({ loss, values, random: randomSource(2) });
  });
});

describe('linear', () => {
  const parameters = new Map<string, tf.Tensor>();
  beforeAll(() => {
    parameters.set('dense.weight', tf.tensor2d([1, 2, 3, 4, 5, 6], [3, 2]));
    parameters.set('dense.bias', tf.tensor1d([0, 10, 100]));
  });

  it('is x times the transposed weight, plus the bias', () => {
    const actual = compute(() => linear({ name: 'dense', input: tf.tensor2d([[1, -1]]), parameters }));
    expectClose(actual, floatTensor([1, 3], [-1, 9, 99]), exact);
  });

  it('has the gradients that central differences give', async () => {
    const values = randomTensors({ x: [4, 3], 'dense.weight': [2, 3], 'dense.bias': [2] });
    const loss = (tensors: Tensors) =>
      weighted(linear({ name: 'dense', input: taken(tensors, 'x'), parameters: tensors }));
    await checkGradients({ loss, values, random: randomSource(3) });
  });

  it('reads a weight stored the other way round, and may go without a bias', () => {
    const stored = new Map<string, tf.Tensor>([['dense.weight', tf.tensor2d([1, 3, 5, 2, 4, 6], [2, 3])]]);
    const call = { name: 'dense', input: tf.tensor2d([[1, -1]]), fanInFanOut: true, bias: false };
    expectClose(
      compute(() => linear({ ...call, parameters: stored })),
      floatTensor([1, 3], [-1, -1, -1]),
      exact,
    );
    expect(() => linear({ ...call, input: tf.zeros([4, 3]), parameters: stored })).toThrow(
      'linear dense: input [4, 3] does not fit weight [2, 3]; last dimension must be 2',
    );
  });

  it('says which dimension must be which', () => {
    expect(() => linear({ name: 'dense', input: tf.zeros([4, 3]), parameters })).toThrow(
      'linear dense: input [4, 3] does not fit weight [3, 2]; last dimension must be 2',
    );
  });

  it('offers the nearest parameter names', () => {
    expect(() => linear({ name: 'dence', input: tf.zeros([4, 2]), parameters })).toThrow(
      'parameter map: no "dence.weight" among 2 tensors; the nearest names there are dense.weight',
    );
  });

  describe('under a hook', () => {
    const input = tf.tensor2d([[1, -1]]);
    const hooked = (linear: LinearHook) =>
      hookedLinear({ name: 'dense', input, parameters, hooks: { linear }, context: evaluationContext });
    const doubleInput: LinearHook['input'] = ({ input: x }) => tf.mul(x, tf.tensor1d([2, 3]));
    const negate: LinearHook['output'] = ({ output }) => tf.mul(output, tf.scalar(-1));

    // W = [[1, 2], [3, 4], [5, 6]], b = [0, 10, 100]; [2, -3] goes through where the input is rescaled.
    it.each<[string, LinearHook, readonly number[]]>([
      ['input', { input: doubleInput }, [-4, 4, 92]],
      ['output', { output: negate }, [1, -9, -99]],
      ['both', { input: doubleInput, output: negate }, [4, -4, -92]],
      ['neither', {}, [-1, 9, 99]],
      ['another projection', { targets: new Set(['other']), output: negate }, [-1, 9, 99]],
    ])('reaching %s', (_, hook, expected) => {
      expectClose(
        compute(() => hooked(hook)),
        floatTensor([1, 3], expected),
        exact,
      );
    });

    it('both parts see the input as the model has it', () => {
      const seen: tf.Tensor[] = [];
      hooked({
        input: (call) => {
          seen.push(call.input);
          return tf.mul(call.input, 2);
        },
        output: (call) => {
          seen.push(call.input);
          return call.output;
        },
      });
      expect(seen).toEqual([input, input]);
      expect(seen[0]).toBe(input);
    });

    it('costs its own element-wise products and no matrix product more', async () => {
      const count = async (hook: LinearHook, kernel: string) => {
        const { kernels } = await tf.profile(() => hooked(hook));
        return kernels.filter(({ name }) => name === kernel).length;
      };
      const both = { input: doubleInput, output: negate };
      expect([await count({}, 'BatchMatMul'), await count({}, 'Multiply')]).toEqual([1, 0]);
      expect([await count(both, 'BatchMatMul'), await count(both, 'Multiply')]).toEqual([1, 2]);
    });

    it('refuses a part that changes the shape', () => {
      expect(() => hooked({ output: (call) => call.input })).toThrow(
        'linear output hook at dense: expected shape [1, 3], got [1, 2]; a hook returns the shape it was given',
      );
      expect(() => hooked({ input: () => tf.zeros([1, 3]) })).toThrow(
        'linear input hook at dense: expected shape [1, 2], got [1, 3]; a hook returns the shape it was given',
      );
    });
  });
});

describe('attention', () => {
  const mask = intTensor(
    [2, 3],
    [1, 1, 1, 1, 0, 0], // The second sequence has one token.
  );
  const base = { batchSize: 2, length: 3, numHeads: 2, dropout: (probabilities: tf.Tensor4D) => probabilities };
  const projections = (tensors: Tensors) => ({
    query: taken<tf.Tensor2D>(tensors, 'query'),
    key: taken<tf.Tensor2D>(tensors, 'key'),
    value: taken<tf.Tensor2D>(tensors, 'value'),
    mask: additiveMask(toTensor(mask) as tf.Tensor2D),
  });
  const values = randomTensors({ query: [6, 4], key: [6, 4], value: [6, 4] });

  it('is softmax(Q Kᵀ / √headSize + mask) V, head by head', () => {
    const actual = compute(() => attention({ ...base, ...projections(toMap(values)) }));
    expectClose(actual, naiveAttention(values, mask), { relative: 1e-5, absolute: 1e-6 });
  });

  it('has the gradients that central differences give, a prefix included', async () => {
    const prefixes = randomTensors({ prefixKey: [2, 2, 1, 2], prefixValue: [2, 2, 1, 2] });
    const loss = (tensors: Tensors) => {
      const prefix = {
        key: taken<tf.Tensor4D>(tensors, 'prefixKey'),
        value: taken<tf.Tensor4D>(tensors, 'prefixValue'),
      };
      return weighted(attention({ ...base, ...projections(tensors), prefix }));
    };
    await checkGradients({ loss, values: new Map([...values, ...prefixes]), random: randomSource(4) });
  });

  it('gives numbers for a row of padding alone', () => {
    const nothing = additiveMask(tf.zeros([2, 3], 'int32'));
    const actual = compute(() => attention({ ...base, ...projections(toMap(values)), mask: nothing }));
    expect([...actual.data].every(Number.isFinite)).toBe(true);
  });
});

function toMap(hosts: HostTensors): Tensors {
  return new Map([...hosts].map(([name, host]) => [name, toTensor(host)]));
}

/** The formula in loops over plain numbers, for [2 sequences of 3, 2 heads of 2]. */
function naiveAttention(values: HostTensors, mask: HostTensor): HostTensor {
  const at = (name: string, batch: number, place: number, column: number) =>
    values.get(name)!.data[(batch * 3 + place) * 4 + column]!;
  const output: number[] = [];
  for (const batch of [0, 1]) {
    const seen = [0, 1, 2].filter((place) => mask.data[batch * 3 + place] === 1);
    for (const place of [0, 1, 2]) {
      for (const column of [0, 1, 2, 3]) {
        const head = column < 2 ? [0, 1] : [2, 3];
        const weights = seen.map((other) => {
          const products = head.map((d) => at('query', batch, place, d) * at('key', batch, other, d));
          return Math.exp((products[0]! + products[1]!) / Math.SQRT2);
        });
        const total = weights.reduce((sum, weight) => sum + weight, 0);
        const mixed = seen.map((other, index) => (weights[index]! / total) * at('value', batch, other, column));
        output.push(mixed.reduce((sum, value) => sum + value, 0));
      }
    }
  }
  return floatTensor([6, 4], output);
}
