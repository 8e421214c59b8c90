/** Element types by their numbers in onnx.proto. */
export const elementTypes = { float32: 1, int32: 6, int64: 7, bool: 9 } as const;
/** An element type by name; int64 is for shapes and indices. */
export type ElementType = keyof typeof elementTypes;

/** An attribute of an ONNX node: an integer, integers, text, or a float marked as such. */
export type OnnxAttribute = number | boolean | string | readonly number[] | { readonly float: number };

const attributeTypes = { float: 1, int: 2, string: 3, ints: 7 } as const;

/** A named attribute as its message in the file. */
export function attributeProto(name: string, value: OnnxAttribute): object {
  if (typeof value === 'string') {
    return { name, type: attributeTypes.string, s: new TextEncoder().encode(value) };
  }
  if (typeof value === 'number' || typeof value === 'boolean') {
    return { name, type: attributeTypes.int, i: Number(value) };
  }
  if ('float' in value) {
    return { name, type: attributeTypes.float, f: value.float };
  }
  return { name, type: attributeTypes.ints, ints: value };
}

/** A tensor with its content, row-major. */
export interface TensorData {
  readonly type: ElementType;
  readonly shape: readonly number[];
  readonly data: Float32Array | Int32Array | BigInt64Array | Uint8Array;
}

/** Little-endian raw data, as every machine this runs on has it. */
export function tensorProto(name: string, { type, shape, data }: TensorData): object {
  return {
    name,
    dims: shape,
    dataType: elementTypes[type],
    rawData: new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
  };
}

/** @param shape  a text stands for a size that is known at run time only, and names it */
export function valueInfoProto(name: string, type: ElementType, shape: readonly (number | string)[]): object {
  const dim = shape.map((size) => (typeof size === 'number' ? { dimValue: size } : { dimParam: size }));
  return { name, type: { tensorType: { elemType: elementTypes[type], shape: { dim } } } };
}
