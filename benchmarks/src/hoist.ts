import { createOnnxEngine } from '@attune/engine';
import { alternate, type Contender, type ContenderChoice, type ContenderRow, shapesNamed } from './contenders.ts';
import { batchOfStep, makeStep, storeValues } from './make-step.ts';
import type { Shape } from './shapes.ts';

const batchesPerEpoch = 8;

/**
 * Epochs of training with embeddings and the lower half of the layers frozen: values of the frozen part kept from the
 * first epoch, which is not timed, or computed anew for every batch. Losses must be the same, bit for bit.
 */
export async function timeHoisting(choice: ContenderChoice, report: (line: string) => void): Promise<ContenderRow[]> {
  const rows: ContenderRow[] = [];
  for (const shape of shapesNamed(choice.shapes)) {
    report(`${shape.name}: epochs of ${batchesPerEpoch} batches`);
    const losses: number[][] = [[], []];
    const contenders = [
      await epochs(shape, { threads: choice.threads, hoist: false, losses: losses[0]! }),
      await epochs(shape, { threads: choice.threads, hoist: true, losses: losses[1]! }),
    ];
    rows.push(...(await alternate(contenders, { shape: shape.name, rounds: choice.rounds })));
    if (losses[0]!.join() !== losses[1]!.join()) throw new Error(`${shape.name}: losses differ with kept values`);
  }
  return rows;
}

async function epochs(
  shape: Shape,
  { threads, hoist, losses }: { readonly threads: number; readonly hoist: boolean; readonly losses: number[] },
): Promise<Contender> {
  const made = makeStep({ shape, method: 'half-frozen', head: 'classification' });
  const engine = await createOnnxEngine({ threads, hoist });
  const values = storeValues(made);
  const [state, frozen] = [engine.createStore(values.state), engine.createStore(values.frozen)];
  const perExample = ['inputIds', 'tokenTypeIds', 'attentionMask'];
  const prepared = engine.prepare({ name: 'train', run: made.run, state, frozen, perExample });
  const batches = Array.from({ length: batchesPerEpoch }, (_, index) => made.anotherBatch(index));
  let step = 0;
  return {
    name: hoist ? 'kept' : 'computed anew',
    run: async () => {
      for (const batch of batches) {
        step += 1;
        losses.push((await prepared.run(batchOfStep(batch, step))).get('loss')!.data[0]!);
      }
    },
  };
}
