export { type Closeness, expectAllClose, expectClose } from './closeness.ts';
export { checkGradients, type GradientCheck } from './gradient-check.ts';
export type { CountCall, MethodContract } from './method-contract/contract-types.ts';
export { methodContract } from './method-contract/method-contract.ts';
export { modelParity, type ParityEngine } from './model-parity/model-parity.ts';
export { referenceEngine } from './reference-engine.ts';
export { tensorsUnder } from './tensors-under.ts';
export { type TinyModel, tinyBert, tinyGpt2, tinyLlama } from './tiny-model.ts';
export { tinyTokenizer } from './tiny-tokenizer.ts';
