import { type HostTensor, type HostTensors, ShapeError, sizeOf } from '@attune/base';

/** Shape and dtype of a named tensor, as stores remember them. */
export interface TensorType {
  readonly dtype: HostTensor['dtype'];
  readonly shape: readonly number[];
}

/** "float32[2, 3]" */
export function typeText({ dtype, shape }: TensorType): string {
  return `${dtype}[${shape.join(', ')}]`;
}

/** @throws ShapeError when data, shape and dtype of a tensor do not fit each other */
export function checkHostTensor(where: string, tensor: HostTensor): void {
  const size = sizeOf(tensor.shape);
  if (tensor.data.length !== size) {
    throw new ShapeError(
      `${where}: ${typeText(tensor)} needs ${size} elements, but its data has ${tensor.data.length}`,
    );
  }
  const expected = tensor.dtype === 'float32' ? Float32Array : Int32Array;
  if (!(tensor.data instanceof expected)) {
    throw new ShapeError(`${where}: ${typeText(tensor)} needs a ${expected.name}, got a ${typeName(tensor.data)}`);
  }
}

function typeName(data: object): string {
  return data.constructor.name;
}

/** @throws ShapeError when a name is unknown, or a tensor differs from what the store holds under its name */
export function checkWrite(known: ReadonlyMap<string, TensorType>, values: HostTensors): void {
  for (const [name, tensor] of values) {
    checkHostTensor(`store: "${name}"`, tensor);
    const expected = known.get(name);
    if (expected === undefined) {
      throw new ShapeError(`store: there is no tensor "${name}"; known: ${[...known.keys()].join(', ')}`);
    }
    if (typeText(expected) !== typeText(tensor)) {
      throw new ShapeError(`store: "${name}" is ${typeText(expected)}, cannot write ${typeText(tensor)} into it`);
    }
  }
}
