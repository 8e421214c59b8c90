import { ConfigError, type HostTensor, type HostTensors, type Model, type RandomSource } from '@attune/core';

/** The table of word embeddings, which pseudo tokens bypass: the first embedding with a row per vocabulary entry. */
export function wordEmbeddings(model: Model): { readonly name: string; readonly width: number } {
  const table = model.parameters.find(({ role, shape }) => role === 'embeddings' && shape[0] === model.vocabSize);
  const width = table?.shape[1];
  if (table !== undefined && width !== undefined) return { name: table.name, width };
  throw new ConfigError(
    `p-tuning: expected word embeddings [${model.vocabSize}, width] among ${model.family}'s parameters`,
  );
}

/** Copies of `count` rows drawn at random from a table [rows, width], as [count, width]. */
export function randomRows(table: HostTensor, count: number, random: RandomSource): HostTensor {
  const [rows = 0, width = 0] = table.shape;
  const data = new Float32Array(count * width);
  for (let row = 0; row < count; row += 1) {
    const start = random.integer(rows) * width;
    data.set(table.data.subarray(start, start + width), row * width);
  }
  return { dtype: 'float32', shape: [count, width], data };
}

/** @throws ConfigError when the backbone's values lack the table */
export function wordEmbeddingValues(values: HostTensors, name: string): HostTensor {
  const table = values.get(name);
  if (table !== undefined) return table;
  throw new ConfigError(`p-tuning: initialization "vocabulary" expected the tensor "${name}" among the model's values`);
}
