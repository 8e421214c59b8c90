import type { EngineName } from './contract.ts';
import { reportTensorflow } from './eager/tensorflow-engine.ts';
import type { EngineReport } from './engine-report.ts';

/** Every engine, in order of preference: what it is, or why it is not available and what would fix that. */
export async function availableEngines(): Promise<EngineReport[]> {
  return [
    await reportTensorflow('tensorflow-gpu'),
    await reportOnnx(),
    await reportTensorflow('tensorflow'),
    await reportWasm(),
  ];
}

async function reportOnnx(): Promise<EngineReport> {
  return attempt('onnx', 'npm rebuild onnxruntime-node', async () => {
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
