import { freeMemory, keepFreedMemory } from '../src/onnx/session.ts';

/*
 * Prints how many pages a round of filling and freeing ten arrays of 2 MiB takes from the system; with "keep", after
 * `keepFreedMemory`.
 *
 * node --conditions=attune-source --import tsx packages/engine/test/page-faults.ts keep
 */

const ROUNDS = 20;

function round(): void {
  const arrays = Array.from({ length: 10 }, () => new Float32Array(2 ** 19).fill(1));
  freeMemory(arrays.map(({ buffer }) => buffer));
}

// The C library takes arrays of a size from its heap once one was freed.
round();
if (process.argv[2] === 'keep') keepFreedMemory();
round();
const before = process.resourceUsage().minorPageFault;
for (let index = 0; index < ROUNDS; index += 1) round();
console.log(Math.round((process.resourceUsage().minorPageFault - before) / ROUNDS));
