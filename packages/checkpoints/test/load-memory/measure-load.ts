import { loadModelDirectory } from '../../src/node/load-model.ts';
import type { Precision } from '../../src/node/load-weights.ts';

/**
 * The entry of a process that loads a model and prints by how many bytes that raised its peak of resident memory, and
 * how many bytes the values have. Arguments: a small model to load first, so that code and its heap are not counted;
 * the model; the precision.
 */
const [small, large, precision] = process.argv.slice(2) as [string, string, Precision];
await loadModelDirectory(small, { precision });
const before = process.memoryUsage.rss();
const { values } = await loadModelDirectory(large, { precision });
const peakBytes = 1024 * process.resourceUsage().maxRSS - before;
let valueBytes = 0;
for (const { data } of values.values()) valueBytes += data.byteLength;
console.log(JSON.stringify({ peakBytes, valueBytes }));
