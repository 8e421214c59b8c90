import type { Instance, InstanceOutput } from '../contracts/instance.ts';
import type { HostTensors } from '../contracts/tensors.ts';
import type { Padding } from '../objectives/objective.ts';
import type { FineTuneCall } from './fine-tuned.ts';
import { initialValues } from './initial-values.ts';
import { planParameters } from './plan-parameters.ts';
import { openSession } from './session.ts';

export type TrainedModelCall = Pick<
  FineTuneCall,
  'engine' | 'model' | 'values' | 'attachment' | 'objective' | 'random' | 'settings' | keyof Padding
> & {
  /** What `FineTuned.values()` gave. */
  readonly trained: HostTensors;
};

/**
 * Values of every parameter of a model as training left it: the trained ones, and the others as `fineTune` would have
 * them when called with the same arguments.
 *
 * @throws ConfigError when the trained values do not fit
 */
export function trainedParameters(call: Omit<TrainedModelCall, 'engine' | 'settings'>): HostTensors {
  const { trainable, frozen } = planParameters(call);
  const specs = [...trainable, ...frozen];
  return initialValues({
    specs,
    head: call.objective.parameters,
    values: new Map([...call.values, ...call.attachment.initialValues(), ...call.trained]),
    random: call.random.fork('init'),
  });
}

/** Outputs of a model as training left it, as `FineTuned.evaluate` gives them. */
export async function evaluateTrained(
  call: TrainedModelCall,
  instances: readonly Instance[],
): Promise<InstanceOutput[]> {
  const attachment = { ...call.attachment, initialValues: () => new Map() };
  const session = openSession({ ...call, attachment, values: trainedParameters(call), instances: [] });
  try {
    return await session.evaluate(instances);
  } finally {
    session.dispose();
  }
}
