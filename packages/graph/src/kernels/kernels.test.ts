import { expect, test } from 'vitest';
import { elementwise } from './elementwise.ts';
import { indexing } from './indexing.ts';
import { kernels } from './kernels.ts';
import { shaping } from './moving.ts';
import { fusedLayers } from './normalization.ts';
import { fusedProducts, products } from './products.ts';
import { reductions } from './reductions.ts';
import { slicing } from './slicing.ts';

const groups = { elementwise, reductions, products, shaping, slicing, indexing, fusedProducts, fusedLayers };

test('every kernel stands in one group', () => {
  const names = Object.values(groups).flatMap((group) => Object.keys(group));
  expect(names.toSorted()).toEqual(Object.keys(kernels).toSorted());
});

test('only kernels of passes, and BroadcastTo, have no way in from TensorFlow.js', () => {
  const untraced = Object.entries(kernels).flatMap(([name, { trace }]) => (trace === undefined ? [name] : []));
  expect(untraced).toEqual(['BroadcastTo', ...Object.keys(fusedProducts), ...Object.keys(fusedLayers)]);
});
