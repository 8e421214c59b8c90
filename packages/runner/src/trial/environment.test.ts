import { expect, test } from 'vitest';
import { libraryVersions } from './environment.ts';

test('has the version of every library that decides values', () => {
  expect(libraryVersions()).toEqual({
    '@huggingface/tokenizers': expect.stringMatching(/^\d+\.\d+/),
    '@tensorflow/tfjs-core': expect.stringMatching(/^\d+\.\d+/),
    '@tensorflow/tfjs-layers': expect.stringMatching(/^\d+\.\d+/),
    'onnxruntime-node': expect.stringMatching(/^\d+\.\d+/),
    'pure-rand': expect.stringMatching(/^\d+\.\d+/),
  });
});
