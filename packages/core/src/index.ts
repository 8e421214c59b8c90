export type * from './contracts/instance.ts';
export type * from './contracts/method.ts';
export type * from './contracts/model.ts';
export type * from './contracts/step-engine.ts';
export type * from './contracts/task.ts';
export type * from './contracts/tensors.ts';
export type * from './random/random-source.ts';
export type * from './tokenizer/tokenizer.ts';
