import { TraceError } from '@attune/graph';
import { ModelBuilder, type NodeOptions } from '../onnx/model-builder.ts';
import type { TensorData } from '../onnx/onnx-types.ts';

/** Grows a model of standard ONNX operators alone, which every runtime has. */
export class PortableBuilder extends ModelBuilder {
  #initializerBytes = 0;

  /** Bytes of all weights and constants so far. */
  get initializerBytes(): number {
    return this.#initializerBytes;
  }

  /** @throws TraceError for an operator of one runtime only */
  override node(opType: string, inputs: readonly string[], options: NodeOptions = {}): string {
    if (options.domain !== undefined) {
      throw new TraceError(
        `export: ${options.domain}'s ${opType} is no standard operator; add an open rule in onnx/rules`,
      );
    }
    return super.node(opType, inputs, options);
  }

  override tensor(tensor: TensorData, name?: string): string {
    this.#initializerBytes += tensor.data.byteLength;
    return super.tensor(tensor, name);
  }
}
