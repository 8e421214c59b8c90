import type { HostTensor } from '@attune/base';
import { dtypeName, isWeightDtype, type StoredTensor } from '../../stored-tensor.ts';
import type { NarrowTensor } from './read-tensor.ts';

const shownNames = 3;

/** Which weights were stored as something that is cast when it is read; widening a 16-bit float changes nothing. */
export function castNotes(read: ReadonlyMap<string, StoredTensor>): string[] {
  const cast = [...read].filter(([, { dtype }]) => !isWeightDtype(dtype));
  const dtypes = [...new Set(cast.map(([, { dtype }]) => dtype))];
  return dtypes.map((dtype) => {
    const names = cast.filter(([, tensor]) => tensor.dtype === dtype).map(([name]) => name);
    return `${dtypeName(dtype)} cast to float32, as transformers does: ${shortList(names)}`;
  });
}

/** Which weights have values that no calculation comes back from. */
export function finiteNotes(read: ReadonlyMap<string, HostTensor | NarrowTensor>): string[] {
  const counts = [...read].map(([name, tensor]) => ({ name, count: countNonFinite(tensor), size: sizeOf(tensor) }));
  const bad = counts.filter(({ count }) => count > 0);
  if (bad.length === 0) return [];
  const named = bad.map(({ name, count, size }) => `${name} (${count} of ${size})`);
  return [`NaN or infinite weights, so outputs will be too: ${shortList(named)}`];
}

function shortList(names: readonly string[]): string {
  const rest = names.length - shownNames;
  return `${names.slice(0, shownNames).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}

function sizeOf(tensor: HostTensor | NarrowTensor): number {
  return 'bits' in tensor ? tensor.bits.length : tensor.data.length;
}

function countNonFinite(tensor: HostTensor | NarrowTensor): number {
  return 'bits' in tensor ? countExponents(tensor) : countNumbers(tensor.data);
}

function countNumbers(data: HostTensor['data']): number {
  let count = 0;
  // NaN for what is not finite, and 0 for all else.
  for (let index = 0; index < data.length; index++) if (data[index]! - data[index]! !== 0) count += 1;
  return count;
}

/** NaN and infinity have all bits of the exponent. */
function countExponents({ dtype, bits }: NarrowTensor): number {
  const exponent = dtype === 'F16' ? 0x7c00 : 0x7f80;
  let count = 0;
  for (let index = 0; index < bits.length; index++) if ((bits[index]! & exponent) === exponent) count += 1;
  return count;
}
