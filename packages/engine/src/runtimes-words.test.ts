import { expect, test } from 'vitest';
import { runtimesWords } from './step-failure.ts';

const [linux, windows] = ['/src/core/context.cc', 'D:\\src\\core\\context.cc'];
const node = "Non-zero status code returned while running Expand node. Name:'Expand_0' Status Message:";

test.each([
  [
    'an allocation',
    `${node} ${linux}:360 void* Arena::Allocate(size_t, bool) Failed to allocate 8`,
    'Failed to allocate 8',
  ],
  [
    'a condition',
    `${linux}:136 Context::Start(const Config&)::<lambda()> a == b was false. No adapters\n`,
    'No adapters',
  ],
  ['a condition in a node', `${node} ${linux}:9 Run() ok was false. Device was lost.`, 'Device was lost.'],
  ['a condition on Windows', `${windows}:136 Context::Start() a == b was false. No adapters`, 'No adapters'],
  ['a function', 'OrtSessionOptionsAppendX: Failed to load shared library', 'Failed to load shared library'],
  [
    'places in sources',
    "Couldn't load Vulkan.\n    at operator() (/build/vulkan/BackendVk.cpp:368)\n    at Init (/build/a.h:1)",
    "Couldn't load Vulkan.",
  ],
  ['no preamble', 'Invalid TF_Status: 8\nMessage: OOM', 'Invalid TF_Status: 8 Message: OOM'],
])('what a reader needs of %s', (_what, message, words) => {
  expect(runtimesWords(message)).toBe(words);
});
