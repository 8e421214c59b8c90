import type { ParameterSpec, ProjectionSpec } from '@attune/core';

/** Names of a projection's two factors, as PEFT writes them after its "base_model.model." prefix. */
export function loraNames(projection: string): { readonly loraA: string; readonly loraB: string } {
  return { loraA: `${projection}.lora_A.weight`, loraB: `${projection}.lora_B.weight` };
}

/**
 * Specs of the factors A [rank, inputSize] and B [outputSize, rank] of every target. A starts Kaiming-uniform
 * with a = √5, that is U(±1/√inputSize), and B at zero, as in PEFT; so attaching changes nothing.
 */
export function loraParameters(targets: readonly ProjectionSpec[], rank: number): readonly ParameterSpec[] {
  return targets.flatMap(({ name, layer, inputSize, outputSize }): ParameterSpec[] => {
    const { loraA, loraB } = loraNames(name);
    const shared = { role: 'adapter', ...(layer === undefined ? {} : { layer }), decay: true } as const;
    const bound = 1 / Math.sqrt(inputSize);
    return [
      { ...shared, name: loraA, shape: [rank, inputSize], initializer: { kind: 'uniform', bound } },
      { ...shared, name: loraB, shape: [outputSize, rank], initializer: { kind: 'zeros' } },
    ];
  });
}
