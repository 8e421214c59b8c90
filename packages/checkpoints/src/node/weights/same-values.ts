import { extentBytes, type StoredTensor } from '../../stored-tensor.ts';
import { readElements } from './read-tensor.ts';

/** Row-major tensors are read in parts of this many bytes, so that comparing takes no memory. */
const partBytes = 2 ** 22;

/** Whether two stored tensors have the same dtype, shape and bits. Views of one place are the same unread. */
export async function sameValues(a: StoredTensor, b: StoredTensor): Promise<boolean> {
  if (a.dtype !== b.dtype || a.shape.join() !== b.shape.join()) return false;
  if (a.file === b.file && a.begin === b.begin && a.strides?.join() === b.strides?.join()) return true;
  if (a.strides !== undefined || b.strides !== undefined) {
    return Buffer.compare(await readElements(a), await readElements(b)) === 0;
  }
  const end = extentBytes(a);
  for (let start = 0; start < end; start += partBytes) {
    const length = Math.min(partBytes, end - start);
    const [left, right] = [await a.file.read(a.begin + start, length), await b.file.read(b.begin + start, length)];
    if (Buffer.compare(left, right) !== 0) return false;
  }
  return true;
}
