import type { Engine, EngineName } from './contract.ts';
import { createTensorflowEngine, reportTensorflow } from './eager/tensorflow-engine.ts';
import { createWasmEngine } from './eager/wasm-engine.ts';
import { ConfigError } from './errors.ts';
import { createOnnxEngine } from './onnx/create-onnx-engine.ts';
import { type OnnxEngineOptions, onnxDevices } from './onnx/onnx-engine-options.ts';

/** Hoisting is for the onnx engine; the others compute everything anew. */
export interface EngineChoice extends Pick<OnnxEngineOptions, 'hoist' | 'kept'> {
  /** One engine; without it the best one that is available here. */
  readonly name?: string;
  /** Threads of one operation. wasm has one, always; tensorflow as many as it likes when absent. */
  readonly threads?: number;
  /** One of `onnxDevices`; asking for one is asking for the onnx engine, unless another is named. */
  readonly device?: string;
}

type Create = (choice: EngineChoice) => Promise<Engine>;

const engines: { readonly [K in EngineName]: Create } = {
  'tensorflow-gpu': ({ threads }) => createTensorflowEngine('tensorflow-gpu', threads),
  onnx: ({ name, ...options }) => createOnnxEngine(options),
  tensorflow: ({ threads }) => createTensorflowEngine('tensorflow', threads),
  wasm: () => createWasmEngine(),
};

/** Every engine's name, in order of preference. */
export const engineNames = Object.keys(engines) as readonly EngineName[];

/**
 * The named engine; without a name, tensorflow-gpu when it loads and sees a GPU, else onnx, else tensorflow, else
 * wasm. An engine whose library does not load is passed over; one that was named, or a device, is not.
 *
 * @throws ConfigError for an unknown name, or when the named engine cannot run here or not on that device
 */
export async function selectEngine(choice: EngineChoice = {}): Promise<Engine> {
  if (choice.name !== undefined) {
    return onDevice(await engineNamed(choice.name)(choice), choice.device);
  }
  if (choice.device !== undefined) {
    return engines.onnx(choice);
  }
  const gpu = await reportTensorflow('tensorflow-gpu');
  if (gpu.device === 'gpu') {
    return engines['tensorflow-gpu'](choice);
  }
  return engines.onnx(choice).catch((error: unknown) => {
    // A mistake in the options is the caller's to mend; anything else means that onnx cannot load.
    if (error instanceof ConfigError) {
      throw error;
    }
    return engines.tensorflow(choice).catch(() => engines.wasm(choice));
  });
}

function engineNamed(name: string): Create {
  const create = Object.entries(engines).find(([known]) => known === name)?.[1];
  if (create === undefined) {
    throw new ConfigError(`unknown engine "${name}". Known: ${engineNames.join(', ')}`);
  }
  return create;
}

/** Only onnx has a choice of devices; another engine is taken where it computes, or not at all. */
function onDevice(engine: Engine, device: string | undefined): Engine {
  if (device !== undefined && device !== engine.device) {
    throw new ConfigError(
      `engine ${engine.name}: computes on ${engine.device}, not on "${device}"; ` +
        `engine onnx has the devices ${onnxDevices.join(', ')}`,
    );
  }
  return engine;
}
