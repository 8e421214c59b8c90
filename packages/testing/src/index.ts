export { type Closeness, expectAllClose, expectClose } from './closeness.ts';
export { type TinyModel, tinyBert } from './tiny-model.ts';
