import { createOnnxEngine } from '@attune/engine';
import { alternate, type Contender, type ContenderChoice, type ContenderRow, shapesNamed } from './contenders.ts';
import { batchOfStep, makeStep, storeValues } from './make-step.ts';
import type { Shape } from './shapes.ts';

/** Batches of an epoch, trained on and evaluated alike: the two splits of few-shot protocols have one size. */
const numBatches = 8;
const perExample = ['inputIds', 'tokenTypeIds', 'attentionMask'];

interface Epochs {
  readonly threads: number;
  readonly hoist: boolean;
  /** Whether an epoch ends with an evaluation of as many examples. */
  readonly evaluates: boolean;
  readonly losses: number[];
}

/**
 * Epochs of training with embeddings and the lower half of the layers frozen: values of the frozen part kept from the
 * first epoch, which is not timed, or computed anew for every batch. Losses must be the same, bit for bit.
 */
export async function timeHoisting(choice: ContenderChoice, report: (line: string) => void): Promise<ContenderRow[]> {
  const rows: ContenderRow[] = [];
  for (const shape of shapesNamed(choice.shapes)) {
    for (const evaluates of [false, true]) {
      report(`${shape.name}: epochs of ${numBatches} batches${evaluates ? ' and as many of evaluation' : ''}`);
      rows.push(...(await bothWays(shape, evaluates, choice)));
    }
  }
  return rows;
}

async function bothWays(shape: Shape, evaluates: boolean, choice: ContenderChoice): Promise<ContenderRow[]> {
  const { threads, rounds } = choice;
  const sides = [false, true].map((hoist): Epochs => ({ threads, hoist, evaluates, losses: [] }));
  const contenders = await Promise.all(sides.map((side) => epochs(shape, side)));
  const rows = await alternate(contenders, { shape: shape.name, rounds });
  const [anew, kept] = sides.map(({ losses }) => losses.join());
  if (anew !== kept) throw new Error(`${shape.name}: losses differ with hoisted values`);
  return rows;
}

async function epochs(shape: Shape, { threads, hoist, evaluates, losses }: Epochs): Promise<Contender> {
  const made = makeStep({ shape, method: 'half-frozen', head: 'classification' });
  const engine = await createOnnxEngine({ threads, hoist });
  const values = storeValues(made);
  const [state, frozen] = [engine.createStore(values.state), engine.createStore(values.frozen)];
  const train = engine.prepare({ name: 'train', run: made.run, state, frozen, perExample });
  const evaluate = engine.prepare({ name: 'evaluate', run: made.evaluate, state, frozen, perExample });
  const batches = (purpose: 'train' | 'evaluate') =>
    Array.from({ length: numBatches }, (_, index) => made.anotherBatch(index, purpose));
  const [trained, evaluated] = [batches('train'), evaluates ? batches('evaluate') : []];
  let step = 0;
  return {
    name: `${evaluates ? 'training and evaluation' : 'training'}, ${hoist ? 'kept' : 'computed anew'}`,
    run: async () => {
      for (const batch of trained) {
        step += 1;
        losses.push((await train.run(batchOfStep(batch, step))).get('loss')!.data[0]!);
      }
      for (const batch of evaluated) await evaluate.run(batch);
    },
  };
}
