import { checkMemory } from '@attune/cost';
import { expect, it } from 'vitest';
import { catalogUrl } from './catalog.ts';

const medium = { layers: 4, hiddenSize: 256, vocabSize: 2000, batchSize: 16, length: 64 };
const large = { layers: 6, hiddenSize: 384, vocabSize: 30_522, batchSize: 16, length: 64 };

// Real steps of the compiled engine, each in a process of its own.
it.skipIf(process.platform !== 'linux').each([
  { ...medium, method: 'full-fine-tuning', formulation: 'head' as const },
  { ...medium, method: 'lora', formulation: 'cloze' as const },
  { ...large, method: 'full-fine-tuning', formulation: 'head' as const },
  { ...large, method: 'layer-freezing', formulation: 'cloze' as const },
])(
  'predicts the peak memory of a step within 15 %: $layers×$hiddenSize, $method, $formulation',
  // The process runs beside other tests: a prediction that is wrong is wrong twice.
  { timeout: 120_000, retry: 1 },
  async (step) => {
    const { predictedBytes, measuredBytes } = await checkMemory(step, { catalogUrl, steps: 3, threads: 1 });
    const ratio = predictedBytes / measuredBytes!;
    expect(ratio).toBeGreaterThan(0.85);
    expect(ratio).toBeLessThan(1.15);
  },
);
