import { ConfigError } from '@attune/base';
import * as tf from '@tensorflow/tfjs-core';
import type { Engine, EngineReport } from '../contract.ts';
import { installedVersion } from '../installed-version.ts';
import { registerCpuFallbacks } from './cpu-fallback.ts';
import { EagerEngine } from './eager-engine.ts';

/** TensorFlow's C library as two optional packages: the same code, built for GPU and for CPU. */
const packages = {
  'tensorflow-gpu': '@tensorflow/tfjs-node-gpu',
  tensorflow: '@tensorflow/tfjs-node',
} as const;
/** The engine on the CPU, and on a GPU with CUDA. */
type TensorflowName = keyof typeof packages;

/** The name that both packages give their backend, so one process can hold one of them. */
const BACKEND = 'tensorflow';
/** Version 4.22 of either package calls util.isNullOrUndefined, which Node 23 removed. */
const FIRST_BROKEN_NODE = 23;

let loaded: TensorflowName | undefined;

/** The backend says whether the library found a GPU; the package's name does not. */
interface NodeBackend extends tf.KernelBackend {
  readonly isUsingGpuDevice?: boolean;
}

/** How the engine is loaded. */
export interface LoadOptions {
  /** Of one operation; as many as the library likes when absent. */
  readonly threads?: number | undefined;
  /** The version of Node to judge by. */
  readonly node?: string;
}

/** Loads the engine's package where that can work, and says what came of it. */
export async function reportTensorflow(
  name: TensorflowName,
  { threads, node = process.versions.node }: LoadOptions = {},
): Promise<EngineReport> {
  const version = installedVersion(packages[name]);
  const obstacle = obstacleTo(name, version, node);
  if (obstacle !== undefined) {
    return { name, available: false, ...(version === undefined ? {} : { version }), ...obstacle };
  }
  try {
    return { name, available: true, version: version!, device: await load(name, threads) };
  } catch (error) {
    const reason = `${packages[name]} ${version} does not load: ${(error as Error).message.split('\n')[0]}`;
    const fix = `npm rebuild ${packages[name]} --build-addon-from-source, where it can download its native library`;
    return { name, available: false, version: version!, reason, fix };
  }
}

/** @throws ConfigError when the engine's package cannot be used here */
export async function createTensorflowEngine(name: TensorflowName, threads?: number): Promise<Engine> {
  const report = await reportTensorflow(name, { threads });
  if (!report.available) {
    throw new ConfigError(`engine ${name}: ${report.reason}; ${report.fix}`);
  }
  return new EagerEngine({ name, device: report.device!, backend: BACKEND });
}

/** What is known to be in the way before the package is loaded. */
function obstacleTo(
  name: TensorflowName,
  version: string | undefined,
  node: string,
): Pick<EngineReport, 'reason' | 'fix'> | undefined {
  const wanted = packages[name];
  if (version === undefined) {
    return {
      reason: `the optional package ${wanted} is not installed`,
      fix: `npm install ${wanted}@4.22.0, on a machine that can download its native library`,
    };
  }
  if (Number.parseInt(node, 10) >= FIRST_BROKEN_NODE) {
    return { reason: `${wanted} ${version} does not work with Node ${node}`, fix: 'use Node 20 or 22' };
  }
  if (loaded !== undefined && loaded !== name) {
    return {
      reason: `this process holds ${packages[loaded]}, and both packages call their backend "${BACKEND}"`,
      fix: `ask for it by name: --engine ${name}`,
    };
  }
  return undefined;
}

/** Loads the package and completes its kernels; the active backend stays. Returns the device it computes on. */
async function load(name: TensorflowName, threads: number | undefined): Promise<string> {
  // The library reads this once, when it loads; what the user has set stays.
  if (threads !== undefined) process.env.TF_NUM_INTRAOP_THREADS ??= `${threads}`;
  const previous = tf.getBackend();
  try {
    await import(packages[name]);
    if (!(await tf.setBackend(BACKEND))) {
      throw new Error('its backend did not start');
    }
    if (loaded === undefined) {
      registerCpuFallbacks(BACKEND);
      loaded = name;
    }
    return (tf.backend() as NodeBackend).isUsingGpuDevice ? 'gpu' : 'cpu';
  } finally {
    if (previous) {
      await tf.setBackend(previous);
    }
  }
}
