import type { CandidatesInstance, FillInstance, Instance, InstanceOutput } from '../contracts/instance.ts';
import type { HostTensor } from '../contracts/tensors.ts';

/**
 * What the logits of `createInference` say about the instances they were computed for, in the terms of evaluation:
 * scores of labels, choices or candidates; for a fill, one pass of best ids and their log-probabilities.
 *
 * @param logits  of the batch that `inferenceBatch` makes of the instances
 */
export function readLogits(logits: HostTensor, instances: readonly Instance[]): InstanceOutput[] {
  let row = 0;
  return instances.map((instance) => {
    switch (instance.kind) {
      case 'candidates': {
        const scores = instance.sequences.map((_, index) => candidateScore(logits, row + index, { instance, index }));
        row += scores.length;
        return { scores };
      }
      case 'fill':
        return bestTokens(logits, row++, instance);
      default: {
        const columns = logits.shape[1]!;
        return { scores: Array.from(logits.data.subarray(row * columns, ++row * columns)) };
      }
    }
  });
}

/** Σ over the candidate's masks of log p(token). */
function candidateScore(
  logits: HostTensor,
  row: number,
  { instance, index }: { readonly instance: CandidatesInstance; readonly index: number },
): number {
  const { maskPositions } = instance.sequences[index]!;
  const targets = instance.targets[index] ?? [];
  return maskPositions.reduce((sum, position, mask) => {
    const values = vocabularyAt(logits, row, position);
    return sum + values[targets[mask]!]! - logSumExp(values);
  }, 0);
}

function bestTokens(logits: HostTensor, row: number, { sequence }: FillInstance): InstanceOutput {
  const best = sequence.maskPositions.map((position) => {
    const values = vocabularyAt(logits, row, position);
    const id = values.reduce((winner, value, index) => (value > values[winner]! ? index : winner), 0);
    return { id, score: values[id]! - logSumExp(values) };
  });
  return { scores: best.map(({ score }) => score), filledIds: best.map(({ id }) => id) };
}

function vocabularyAt({ data, shape }: HostTensor, row: number, position: number): Float32Array {
  const [, length = 0, vocabSize = 0] = shape;
  const start = (row * length + position) * vocabSize;
  return (data as Float32Array).subarray(start, start + vocabSize);
}

function logSumExp(values: Float32Array): number {
  const largest = values.reduce((a, b) => Math.max(a, b));
  let sum = 0;
  for (const value of values) sum += Math.exp(value - largest);
  return largest + Math.log(sum);
}
