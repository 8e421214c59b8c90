import { expect, test } from 'vitest';
import { collectEnvironment } from './environment.ts';

test('has the version of every library that decides values', () => {
  expect(collectEnvironment(process.cwd()).versions).toEqual({
    '@huggingface/tokenizers': expect.stringMatching(/^\d+\.\d+/),
    '@tensorflow/tfjs-core': expect.stringMatching(/^\d+\.\d+/),
    'onnxruntime-node': expect.stringMatching(/^\d+\.\d+/),
    'pure-rand': expect.stringMatching(/^\d+\.\d+/),
  });
});
