import type { Engine, EngineName } from './contract.ts';
import { createTensorflowGpuEngine, reportTensorflowGpu } from './eager/tensorflow-gpu-engine.ts';
import { createWasmEngine } from './eager/wasm-engine.ts';
import { ConfigError } from './errors.ts';
import { createOnnxEngine } from './onnx/create-onnx-engine.ts';

export interface EngineChoice {
  /** One engine; without it the best one that is available here. */
  readonly name?: string;
  /** Threads of the onnx engine. */
  readonly threads?: number;
  readonly device?: string;
}

type Create = (choice: EngineChoice) => Promise<Engine>;

const engines: { readonly [K in EngineName]: Create } = {
  'tensorflow-gpu': () => createTensorflowGpuEngine(),
  onnx: ({ threads, device }) =>
    createOnnxEngine({ ...(threads === undefined ? {} : { threads }), ...(device === undefined ? {} : { device }) }),
  wasm: () => createWasmEngine(),
};

/** Every engine's name, in order of preference. */
export const engineNames = Object.keys(engines) as readonly EngineName[];

/**
 * The named engine; without a name, tensorflow-gpu when it loads and sees a GPU, else onnx, else wasm.
 *
 * @throws ConfigError for an unknown name, or when the named engine cannot run here
 */
export async function selectEngine(choice: EngineChoice = {}): Promise<Engine> {
  if (choice.name !== undefined) {
    return engineNamed(choice.name)(choice);
  }
  const gpu = await reportTensorflowGpu();
  if (gpu.device === 'gpu') {
    return engines['tensorflow-gpu'](choice);
  }
  return engines.onnx(choice).catch((error: unknown) => {
    // A mistake in the options is the caller's to mend; anything else means that onnx cannot load.
    if (error instanceof ConfigError) {
      throw error;
    }
    return engines.wasm(choice);
  });
}

function engineNamed(name: string): Create {
  const create = Object.entries(engines).find(([known]) => known === name)?.[1];
  if (create === undefined) {
    throw new ConfigError(`unknown engine "${name}". Known: ${engineNames.join(', ')}`);
  }
  return create;
}
