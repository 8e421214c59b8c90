import { cpus, loadavg, totalmem } from 'node:os';
import * as ort from 'onnxruntime-node';

/** Where and with what a table was measured. */
export function describeMachine() {
  const processors = cpus();
  return {
    processor: processors[0]?.model.trim() ?? 'unknown',
    cores: processors.length,
    memoryBytes: totalmem(),
    /** Of the last minute: more than the cores means that others were measured too. */
    loadAverage: loadavg()[0]!,
    platform: `${process.platform}-${process.arch}`,
    node: process.version,
    onnxruntime: ort.env.versions.node ?? 'unknown',
  };
}

export type Machine = ReturnType<typeof describeMachine>;
