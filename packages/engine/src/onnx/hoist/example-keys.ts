import type { HostTensors } from '../../contract.ts';

/**
 * One key for each example of a batch: the bytes of its block of each of the named tensors, in the names' order. Equal
 * keys mean equal content, so an example is found again wherever it lies in whichever batch.
 */
export function exampleKeys(batch: HostTensors, names: readonly string[], numExamples: number): string[] {
  const blocks = names.map((name) => {
    const { data } = batch.get(name)!;
    return Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  });
  return Array.from({ length: numExamples }, (_, example) =>
    blocks
      .map((bytes) => {
        const size = bytes.length / numExamples;
        return bytes.toString('latin1', example * size, (example + 1) * size);
      })
      .join(''),
  );
}
