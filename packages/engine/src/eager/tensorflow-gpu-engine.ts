import { createRequire } from 'node:module';
import * as tf from '@tensorflow/tfjs';
import type { Engine } from '../contract.ts';
import type { EngineReport } from '../engine-report.ts';
import { ConfigError } from '../errors.ts';
import { registerCpuFallbacks } from './cpu-fallback.ts';
import { EagerEngine } from './eager-engine.ts';

const PACKAGE = '@tensorflow/tfjs-node-gpu';
/** The backend's name, for the GPU and the CPU package alike. */
const BACKEND = 'tensorflow';
/** @tensorflow/tfjs-node-gpu 4.22 calls util.isNullOrUndefined, which Node 23 removed. */
const FIRST_BROKEN_NODE = 23;

/** The backend says whether the library found a GPU; the package's name does not. */
interface NodeBackend extends tf.KernelBackend {
  readonly isUsingGpuDevice?: boolean;
}

/** Loads the package where that can work, and says what came of it. */
export async function reportTensorflowGpu(node: string = process.versions.node): Promise<EngineReport> {
  const name = 'tensorflow-gpu';
  const version = installedVersion();
  if (version === undefined) {
    return {
      name,
      available: false,
      reason: `the optional package ${PACKAGE} is not installed`,
      fix: `npm install ${PACKAGE}, on a machine that can download its native library`,
    };
  }
  if (Number.parseInt(node, 10) >= FIRST_BROKEN_NODE) {
    return {
      name,
      available: false,
      version,
      reason: `${PACKAGE} ${version} does not work with Node ${node}`,
      fix: 'use Node 20 or 22',
    };
  }
  return load(version);
}

/** @throws ConfigError when the package cannot be used here */
export async function createTensorflowGpuEngine(): Promise<Engine> {
  const report = await reportTensorflowGpu();
  if (!report.available) {
    throw new ConfigError(`engine tensorflow-gpu: ${report.reason}; ${report.fix}`);
  }
  return new EagerEngine({ name: 'tensorflow-gpu', device: report.device ?? 'cpu', backend: BACKEND });
}

async function load(version: string): Promise<EngineReport> {
  const name = 'tensorflow-gpu';
  const previous = tf.getBackend();
  try {
    await import(PACKAGE);
    if (!(await tf.setBackend(BACKEND))) {
      throw new Error('its backend did not start');
    }
    registerCpuFallbacks(BACKEND);
    const device = (tf.backend() as NodeBackend).isUsingGpuDevice ? 'gpu' : 'cpu';
    return { name, available: true, version, device };
  } catch (error) {
    const reason = `${PACKAGE} ${version} does not load: ${(error as Error).message.split('\n')[0]}`;
    return { name, available: false, version, reason, fix: `npm rebuild ${PACKAGE} --build-addon-from-source` };
  } finally {
    if (previous) {
      await tf.setBackend(previous);
    }
  }
}

function installedVersion(): string | undefined {
  try {
    const manifest: unknown = createRequire(import.meta.url)(`${PACKAGE}/package.json`);
    return (manifest as { readonly version: string }).version;
  } catch {
    return undefined;
  }
}
