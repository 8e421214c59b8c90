import type { HostTensors, TensorStore } from '@attune/base';
import { createOnnxEngine, createWasmEngine, type Engine } from '@attune/engine';
import type { LossAndGradients } from './agreement.ts';
import type { Cell } from './cell.ts';
import { batchOfStep, type MadeStep, storeValues } from './make-step.ts';

/** A step inside an engine, ready to run. */
export interface OpenStep {
  readonly engine: Engine;
  readonly state: TensorStore;
  /** Floating-point operations of a step; traces it when first called. */
  flops(): number;
  /** Runs the next step; resolves to its loss. */
  run(): Promise<number>;
}

/** Puts the step's values into the cell's engine. The host's copies may be freed afterwards. */
export async function openStep(cell: Cell, made: MadeStep): Promise<OpenStep> {
  const engine = cell.engine === 'onnx' ? await createOnnxEngine({ threads: cell.threads }) : await createWasmEngine();
  const values = storeValues(made);
  const [state, frozen] = [engine.createStore(values.state), engine.createStore(values.frozen)];
  const prepared = engine.prepare({ name: 'train', run: made.run, state, frozen });
  const { batch } = made;
  let step = 0;
  return {
    engine,
    state,
    flops: () => prepared.costs(batchOfStep(batch, 1)).flops,
    run: async () => {
      step += 1;
      return (await prepared.run(batchOfStep(batch, step))).get('loss')!.data[0]!;
    },
  };
}

/**
 * Loss and gradients of one step from the given values. The step that is timed returns no gradients, but after a first
 * step from zero moments the first moment is (1 − β₁) times the gradient, β₁ = 0.9.
 */
export async function lossAndGradients(open: OpenStep, initialState: HostTensors): Promise<LossAndGradients> {
  open.state.write(initialState);
  const loss = await open.run();
  const moments = await open.state.read(open.state.names.filter((name) => name.startsWith(momentPrefix)));
  const gradients = [...moments].map(([name, { shape, data }]) => {
    const gradient = Float32Array.from(data, (value) => 10 * value);
    return [name.slice(momentPrefix.length), { dtype: 'float32', shape, data: gradient }] as const;
  });
  return { loss, gradients: new Map(gradients) };
}

const momentPrefix = 'firstMoment:';
