import { bytesToHex } from '@noble/hashes/utils.js';
import type { HostTensors } from '../contracts/tensors.ts';
import { sha256 } from '../sha256.ts';

/**
 * SHA-256, in hexadecimal, over names, dtypes, shapes and values of tensors in name order: equal exactly when all
 * of them are equal bit by bit. The order of the map does not matter.
 */
export function hashTensors(tensors: HostTensors): string {
  const hash = sha256();
  for (const name of [...tensors.keys()].sort()) {
    const { dtype, shape, data } = tensors.get(name)!;
    // JSON ends where the values begin, and the shape says how many follow: no two maps give the same bytes.
    hash.update(JSON.stringify([name, dtype, shape]));
    hash.update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  }
  return bytesToHex(hash.digest());
}
