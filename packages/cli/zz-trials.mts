import { createObjective, fineTune, loadModelDirectory, randomSource, initializeParameters } from '@attune/core';
import { createOnnxEngine } from '@attune/engine';
import { fullFineTuning } from '@attune/full-fine-tuning';
import { layerFreezing } from '@attune/layer-freezing';
import { lora } from '@attune/lora';
import { pTuning } from '@attune/p-tuning';
import { superglueTasks } from '@attune/superglue';
const [dir, names, arms, steps = '160', seeds = '0'] = process.argv.slice(2) as string[];
const engine: any = await createOnnxEngine({ threads: 1 });
const data = process.env.WORLD ?? 'datasets/world';
const loaded: any = await loadModelDirectory(dir);
const A: any = {
  zero: { m: undefined }, full: { m: fullFineTuning, s: {}, lr: 1e-3 }, rand: { m: fullFineTuning, s: {}, lr: 1e-3, rand: true },
  freeze: { m: layerFreezing, s: { freeze: 'bottom', bottomLayers: 1 }, lr: 1e-3 },
  lora: { m: lora, s: { rank: 8, alpha: 16, targetModules: ['query', 'key', 'value', 'attention.output.dense'] }, lr: 5e-3 },
  ptune: { m: pTuning, s: { numVirtualTokens: 4 }, lr: 1e-2 },
};
const want = names === 'all' ? superglueTasks : (superglueTasks as any[]).filter((t) => names.split(',').includes(t.name));
console.log('arm'.padEnd(12), (want as any[]).map((t) => t.name.padStart(8)).join(''), '   mean');
for (const spec of arms.split(',')) {
  const [arm, lr] = spec.split('@') as [string, string?];
  const line: number[] = []; const maj: number[] = []; let ms = 0; let share = '';
  for (const task of want as any[]) {
    let s = 0; let mj = 0;
    for (const seed of seeds.split(',').map(Number)) {
      const a = A[arm]; const random = randomSource(seed);
      const values = a.rand ? initializeParameters(loaded.model.parameters, random.fork('rand')) : loaded.values;
      const rowsT = await task.readRows(`${data}/${task.directory}/train.jsonl`); const rowsV = await task.readRows(`${data}/${task.directory}/val.jsonl`); const rowsD = await task.readRows(`${data}/${task.directory}/dev.jsonl`);
      const att = a.m ? a.m.attach({ model: loaded.model, values, settings: a.m.settings.parse(a.s), random: random.fork('a') }) : { parameters: [], initialValues: new Map(), isTrainable: () => false, hooks: {}, numVirtualTokens: 0 };
      const f = (rows: any, purpose: string) => task.formulate({ rows, purpose, formulation: 'cloze', pattern: process.env.PATTERN, tokenizer: loaded.tokenizer, maxLength: 96, numVirtualTokens: att.numVirtualTokens, seed });
      const tr = f(rowsT, 'train'); const va = f(rowsV, 'evaluate'); const de = f(rowsD, 'evaluate');
      const sc = (rows: any, x: any, out: any) => { const m: any = task.score(rows, x.predict(rows, out)); return task.metrics.reduce((q: number, n: string) => q + m[n], 0) / task.metrics.length; };
      const objective = createObjective({ kind: tr.kind, model: loaded.model, numLabels: tr.labels.length, verbalizer: tr.verbalizer } as any);
      const t0 = performance.now();
      const r = await fineTune({ engine, model: loaded.model, values, attachment: att, objective, instances: tr.instances, settings: { learningRate: Number(lr ?? a.lr ?? 0), batchSize: 16, epochs: 100, maxSteps: Number(steps), warmupRatio: 0.1, weightDecay: 0.01, maxGradientNorm: 1, l1: 0, l2: 0, maxLength: 96, evaluationsPerEpoch: 0.5 }, random: random.fork('t'), padId: 0,
        selection: { instances: de.instances, score: (o: any) => sc(rowsD, de, o) } } as any);
      s += sc(rowsV, va, await r.evaluate(va.instances)); ms += performance.now() - t0; const m2: any = task.majority(rowsT, rowsV); mj += task.metrics.reduce((q: number, n: string) => q + m2[n], 0) / task.metrics.length;
      share = `${(100 * r.trainableParameters / r.totalParameters).toFixed(2)}%`; r.dispose();
    }
    const k = seeds.split(',').length; line.push(100 * s / k); maj.push(100 * mj / k);
  }
  const mean = (x: number[]) => (x.reduce((p, q) => p + q, 0) / x.length).toFixed(1);
  console.log(spec.padEnd(12), line.map((x) => x.toFixed(1).padStart(8)).join(''), '   ', mean(line), 'majority', mean(maj), share, `${(ms / 1000).toFixed(0)}s`);
}
