import type { EngineName } from './contract.ts';
import { reportTensorflowGpu } from './eager/tensorflow-gpu-engine.ts';
import type { EngineReport } from './engine-report.ts';

/** Every engine, in order of preference: what it is, or why it is not available and what would fix that. */
export async function availableEngines(): Promise<EngineReport[]> {
  return [await reportTensorflowGpu(), await reportOnnx(), await reportWasm()];
}

async function reportOnnx(): Promise<EngineReport> {
  return attempt('onnx', 'npm rebuild onnxruntime-node', async () => {
    const { env } = await import('onnxruntime-node');
    await import('./onnx/onnx-engine.ts');
    return env.versions.node ?? 'unknown';
  });
}

async function reportWasm(): Promise<EngineReport> {
  return attempt('wasm', 'npm install @tensorflow/tfjs-backend-wasm', async () => {
    const { version_wasm } = await import('@tensorflow/tfjs-backend-wasm');
    const { createWasmEngine } = await import('./eager/wasm-engine.ts');
    await createWasmEngine();
    return version_wasm;
  });
}

async function attempt(name: EngineName, fix: string, load: () => Promise<string>): Promise<EngineReport> {
  try {
    return { name, available: true, version: await load(), device: 'cpu' };
  } catch (error) {
    return { name, available: false, reason: (error as Error).message.split('\n')[0]!, fix };
  }
}
