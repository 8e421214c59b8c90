import { info, type LoweringCall, type LoweringRule, name } from './lowering-rule.ts';

/** LayerNormalization with scale 1 and bias 0; its second output, the mean, is not asked for. */
const normalize: LoweringRule<'Normalize'> = (call) => {
  const outputs = [call.builder.newName(), '', call.builder.newName()];
  const lastAxis = [info(call).shape.at(-1) ?? 1];
  const [scale, bias] = [1, 0].map((value) => call.builder.filled(lastAxis, value));
  layerNormalization(call, [name(call), scale!, bias!], outputs);
  return [outputs[0]!, outputs[2]!];
};

const layerNorm: LoweringRule<'LayerNorm'> = (call) => [
  layerNormalization(call, call.inputs, [call.builder.newName()]),
];

const gelu: LoweringRule<'Gelu'> = ({ builder, inputs }) => [builder.node('Gelu', inputs, { domain: 'com.microsoft' })];

function layerNormalization(
  { builder, attributes }: LoweringCall<'Normalize' | 'LayerNorm'>,
  inputs: readonly string[],
  outputs: readonly string[],
): string {
  const options = { attributes: { axis: -1, epsilon: { float: attributes.epsilon } }, outputs };
  return builder.node('LayerNormalization', inputs, options);
}

/** How fused layers become ONNX nodes. */
export const fusedLayers = {
  Normalize: normalize,
  LayerNorm: layerNorm,
  Gelu: gelu,
};
