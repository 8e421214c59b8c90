import type { HostTensors } from '@attune/base';
import type { FillInstance, Instance, InstanceOutput } from '@attune/core';
import { exportOnnx, type OnnxModel } from '@attune/engine';
import type { PreparedTrial } from '@attune/runner/node';
import { placeholderId } from '@attune/tokenizer';
import {
  createInference,
  greedyFill,
  type Inference,
  type InferenceTokens,
  inferenceBatch,
  readLogits,
} from '@attune/training';
import { mergedParameters } from './merged-model.ts';

/** Ids that a model which stands alone knows: pseudo tokens come right behind the tokenizer's own. */
export function inferenceTokens({ tokenizer }: Pick<PreparedTrial, 'tokenizer'>): InferenceTokens {
  const unknown = placeholderId(tokenizer);
  const { suffix } = tokenizer.layout.single;
  return {
    ...{ mask: tokenizer.specialIds.mask ?? unknown, unknown, firstVirtual: tokenizer.vocabSize },
    numSuffix: suffix.length,
  };
}

/**
 * The forward pass of a prepared trial as its users want it, adapters merged where the method merges.
 *
 * @throws ConfigError where `createInference` has none
 */
export function inferenceOf(prepared: PreparedTrial): Inference {
  const { model, objective, attachment } = prepared;
  return createInference({
    ...{ model, objective, hooks: attachment.merge === undefined ? attachment.hooks : {} },
    numVirtualTokens: attachment.numVirtualTokens,
    tokens: inferenceTokens(prepared),
  });
}

/**
 * A trained trial as the bytes of an ONNX file: adapters merged where the method merges, the prompt encoder run once
 * where it does not, see `createInference` for inputs and outputs.
 *
 * @param trained  what the trial trained, as `FineTuned.values` gives it
 * @throws TraceError when the model cannot be written for every batch size and length
 */
export async function standaloneModel(prepared: PreparedTrial, trained: HostTensors): Promise<Uint8Array> {
  const { model, objective } = prepared;
  const inference = inferenceOf(prepared);
  return exportOnnx({
    name: `attune ${model.family} ${objective.kind}`,
    symbols: inference.sizes,
    inputs: inference.inputs,
    weights: mergedParameters({ prepared, trained }),
    run: inference.run,
  });
}

/** What evaluation would give for these instances, from the file alone. */
export async function evaluateStandalone(call: {
  readonly model: OnnxModel;
  readonly prepared: PreparedTrial;
  readonly instances: readonly Instance[];
  readonly batchSize: number;
}): Promise<InstanceOutput[]> {
  const { model, prepared, instances, batchSize } = call;
  const tokens = inferenceTokens(prepared);
  const padId = prepared.tokenizer.specialIds.pad;
  const run = async (given: readonly Instance[]): Promise<InstanceOutput[]> => {
    const outputs: InstanceOutput[] = [];
    for (let start = 0; start < given.length; start += batchSize) {
      const batch = given.slice(start, start + batchSize);
      const { logits } = Object.fromEntries(await model.run(inferenceBatch({ instances: batch, tokens, padId })));
      outputs.push(...readLogits(logits!, batch));
    }
    return outputs;
  };
  const fills = instances.filter((instance): instance is FillInstance => instance.kind === 'fill');
  return fills.length > 0 ? greedyFill(fills, run) : run(instances);
}
