import { ConfigError, cloneTensors, hashTensors } from '@attune/base';
import { countParameters } from '@attune/core';
import { createSelector, type Selector } from './evaluate.ts';
import type { FineTuneCall, FineTuned, Session } from './fine-tuned.ts';
import { openSession } from './session.ts';
import { type Trained, train } from './train.ts';

/**
 * Trains what the attachment says trains, keeps the best checkpoint by the selection, and hands it back ready to
 * evaluate. The same call gives the same losses and parameters, bit for bit, on the same engine.
 *
 * @throws DOMException named AbortError when the signal is aborted, between two steps or two evaluation batches
 * @throws ConfigError, DatasetError, ShapeError when model, method, values and instances do not fit together
 */
export async function fineTune(call: FineTuneCall): Promise<FineTuned> {
  if (call.checkpoints && call.selection) {
    throw new ConfigError('training: expected checkpoints or a selection, got both; train without one of them');
  }
  const session = openSession(call);
  try {
    const { selection, settings } = call;
    const selector = selection && createSelector({ session, selection, patience: settings.patience });
    const trained = await train(call, { session, selector });
    return await conclude({ session, selector, trained });
  } catch (error) {
    session.dispose();
    throw error;
  }
}

async function conclude(call: {
  readonly session: Session;
  readonly selector: Selector | undefined;
  readonly trained: Trained;
}): Promise<FineTuned> {
  const { session, selector, trained } = call;
  const { plan, state } = session;
  if (selector?.snapshot) state.write(selector.snapshot);
  const kept = selector?.snapshot ?? (await state.read(plan.trainable.map(({ name }) => name)));
  const trainableParameters = countParameters(plan.trainable);
  return {
    ...trained,
    steps: trained.losses.length,
    ...(selector?.best && { best: selector.best }),
    trainableParameters,
    totalParameters: trainableParameters + countParameters(plan.frozen),
    parameterHash: hashTensors(kept),
    values: () => cloneTensors(kept),
    evaluate: (instances) => session.evaluate(instances),
    dispose: () => session.dispose(),
  };
}
