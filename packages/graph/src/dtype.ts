/** Types of values inside a graph. At an engine's border there are only float32 and int32. */
export type DType = 'float32' | 'int32' | 'bool';
