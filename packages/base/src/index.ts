export {
  ConfigError,
  DatasetError,
  ExplainedError,
  nearestNames,
  ResourceError,
  ShapeError,
  TraceError,
  unknownNameMessage,
} from './errors.ts';
export { groupBy } from './group-by.ts';
export { parseJsonText } from './json-text.ts';
export { BadLines, textLines } from './lines.ts';
export { ownValue } from './own-value.ts';
export { parseJson, parseRows, type RowId } from './parse.ts';
export { Problems, repeated, unknownName } from './problems.ts';
export { type RandomSource, randomSource } from './random.ts';
export {
  codeLiteral,
  csvText,
  htmlText,
  markdownBlock,
  markdownCellCode,
  markdownCode,
  markdownText,
  shellWord,
  shownLine,
  shownText,
} from './safe-text.ts';
export { checkWith, describeValue, parseWith } from './schema-issues.ts';
export { sha256Hex } from './sha256.ts';
export type {
  NoiseRequest,
  NoiseSource,
  PreparedStep,
  StepArguments,
  StepCosts,
  StepDefinition,
  StepEngine,
  StepResult,
  TensorStore,
} from './step-engine.ts';
export {
  cloneTensor,
  cloneTensors,
  floatTensor,
  type HostTensor,
  type HostTensors,
  hashTensors,
  hostTensor,
  intTensor,
  sizeOf,
  type Tensors,
  zerosTensor,
} from './tensors.ts';
export {
  bytes,
  count,
  duration,
  flops,
  listed,
  percent,
  plural,
  points,
  roundHalfUp,
  signedPoints,
  signedRange,
  textTable,
} from './text.ts';
export { defaultTraining, type TrainingSettings, trainingSettingsSchema } from './training-settings.ts';
export { utf8Text } from './utf8.ts';
