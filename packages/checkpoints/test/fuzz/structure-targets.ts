import type { RandomSource } from '@attune/base';
import type { FuzzTarget } from './fuzz-target.ts';
import { modelTargets } from './model-targets.ts';
import { mutateJson } from './mutate-structure.ts';
import { textTargets } from './text-targets.ts';
import { mutateTorchFile } from './torch-structure.ts';
import { weightsTargets } from './weights-targets.ts';

const mutators: Readonly<Record<string, FuzzTarget['mutate']>> = {
  safetensors: mutateHeader,
  JSONL: mutateLine,
  'PyTorch file without checksums': mutateTorchFile,
};

/**
 * The same files with changes of what they say, in a form that parses. A PyTorch file of another structure means other
 * tensors, so it is held to the bounds of a file without checksums.
 */
export const structureTargets: readonly FuzzTarget[] = [...weightsTargets, ...modelTargets, ...textTargets]
  .filter(({ name }) => name !== 'PyTorch file')
  .map((target) => ({ ...target, name: `${target.name}, structure`, mutate: mutators[target.name] ?? mutateJsonFile }));

export function mutateJsonFile(bytes: Uint8Array, random: RandomSource): Uint8Array {
  return new TextEncoder().encode(mutateJson(new TextDecoder().decode(bytes), random));
}

export function mutateLine(bytes: Uint8Array, random: RandomSource): Uint8Array {
  const lines = new TextDecoder().decode(bytes).trimEnd().split('\n');
  const index = random.integer(lines.length);
  lines[index] = mutateJson(lines[index]!, random);
  return new TextEncoder().encode(`${lines.join('\n')}\n`);
}

/** Another header of a safetensors file, its length with it. */
function mutateHeader(bytes: Uint8Array, random: RandomSource): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = 8 + Number(view.getBigUint64(0, true));
  const header = mutateJsonFile(bytes.subarray(8, end), random);
  const out = new Uint8Array(8 + header.length + bytes.length - end);
  new DataView(out.buffer).setBigUint64(0, BigInt(header.length), true);
  out.set(header, 8);
  out.set(bytes.subarray(end), 8 + header.length);
  return out;
}
