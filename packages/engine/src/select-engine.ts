import { ConfigError } from '@attune/base';
import { type Engine, type EngineName, type EngineReport, type OnnxEngineOptions, onnxDevices } from './contract.ts';
import { createTensorflowEngine, reportTensorflow } from './eager/tensorflow-engine.ts';
import { createWasmEngine } from './eager/wasm-engine.ts';
import { installedVersion } from './installed-version.ts';
import { createOnnxEngine } from './onnx/create-onnx-engine.ts';

/** Every engine, in order of preference: what it is, or why it is not available and what would fix that. */
export async function availableEngines(): Promise<EngineReport[]> {
  return [
    await reportTensorflow('tensorflow-gpu'),
    await reportOnnx(),
    await reportTensorflow('tensorflow'),
    await reportWasm(),
  ];
}

/** Its install script downloads CUDA libraries on Linux, and npm leaves the package out where that host is out of reach. */
const withoutDownload = 'ONNXRUNTIME_NODE_INSTALL=skip';

const onnxPackage = 'onnxruntime-node';

const onnxNotInstalled = {
  reason: `the optional package ${onnxPackage} is not installed`,
  fix: `${withoutDownload} npm install ${onnxPackage}@1.30.0`,
};

/** Where the compiled engine is not installed: that, what follows from it, and what would fix it; undefined elsewhere. */
export function compiledEngineNote(): string | undefined {
  if (installedVersion(onnxPackage) !== undefined) return undefined;
  return `${onnxNotInstalled.reason}, so that steps run on a slower engine; to have it: ${onnxNotInstalled.fix}`;
}

async function reportOnnx(): Promise<EngineReport> {
  if (installedVersion(onnxPackage) === undefined) return { name: 'onnx', available: false, ...onnxNotInstalled };
  return attempt('onnx', `${withoutDownload} npm rebuild ${onnxPackage}`, async () => {
    const { env } = await import('onnxruntime-node');
    await import('./onnx/onnx-engine.ts');
    const { reportDevices } = await import('./onnx/devices.ts');
    return { version: env.versions.node ?? 'unknown', devices: await reportDevices() };
  });
}

async function reportWasm(): Promise<EngineReport> {
  return attempt('wasm', 'npm install @tensorflow/tfjs-backend-wasm', async () => {
    const { version_wasm } = await import('@tensorflow/tfjs-backend-wasm');
    const { createWasmEngine } = await import('./eager/wasm-engine.ts');
    await createWasmEngine();
    return { version: version_wasm };
  });
}

async function attempt(
  name: EngineName,
  fix: string,
  load: () => Promise<Pick<EngineReport, 'version' | 'devices'>>,
): Promise<EngineReport> {
  try {
    return { name, available: true, device: 'cpu', ...(await load()) };
  } catch (error) {
    return { name, available: false, reason: (error as Error).message.split('\n')[0]!, fix };
  }
}

/** Hoisting is for the onnx engine; the others compute everything anew. */
export interface EngineChoice extends Pick<OnnxEngineOptions, 'hoist' | 'hoistedValues'> {
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
  onnx: async ({ name, ...options }) => {
    if (installedVersion(onnxPackage) === undefined) {
      throw new ConfigError(`engine onnx: ${onnxNotInstalled.reason}; ${onnxNotInstalled.fix}`);
    }
    return createOnnxEngine(options);
  },
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
  const others = () => engines.tensorflow(choice).catch(() => engines.wasm(choice));
  if (installedVersion(onnxPackage) === undefined) return others();
  return engines.onnx(choice).catch((error: unknown) => {
    // A mistake in the options is the caller's to mend; anything else means that onnx cannot load.
    if (error instanceof ConfigError) {
      throw error;
    }
    return others();
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
