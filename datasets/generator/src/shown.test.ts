import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';

const report = new URL('../../../reports/world/', import.meta.url);
const json = (name: string): unknown => JSON.parse(readFileSync(fileURLToPath(new URL(name, report)), 'utf8'));

const recordSchema = z.object({
  key: z.string(),
  status: z.literal('completed'),
  config: z.object({
    model: z.object({ initialization: z.enum(['checkpoint', 'random']) }),
    task: z.object({ name: z.string() }),
    seed: z.number(),
  }),
  scores: z.object({ score: z.number() }),
  chance: z.object({ score: z.number() }),
});
const { trials } = z
  .object({ trials: z.array(z.object({ key: z.string(), arm: z.string() })) })
  .parse(json('experiment.json'));
const records = readdirSync(fileURLToPath(new URL('records/', report))).map((name) =>
  recordSchema.parse(json(`records/${name}`)),
);
const byKey = new Map(records.map((record) => [record.key, record]));
/** A record for each arm that lists it. */
const listed = trials.map(({ key, arm }) => ({ ...byKey.get(key)!, arm }));
type Trial = (typeof listed)[number];

const experiment = z.object({ tasks: z.array(z.string()), seeds: z.array(z.number()) }).parse(json('experiment.json'));
const planned = experiment.tasks.flatMap((task) => experiment.seeds.map((seed) => `${task} ${seed}`));

/** Mean over tasks and seeds, in points of 100; every method has all tasks of the experiment with all of its seeds. */
function mean(trials: readonly Trial[], value: (trial: Trial) => number = ({ scores }) => scores.score): number {
  expect(trials.map(({ config }) => `${config.task.name} ${config.seed}`).sort()).toEqual([...planned].sort());
  return (100 * trials.reduce((sum, trial) => sum + value(trial), 0)) / trials.length;
}

const trialsOf = (label: string, initialization: 'checkpoint' | 'random' = 'checkpoint') =>
  listed.filter(({ arm, config }) => arm === label && config.model.initialization === initialization);

const probeSchema = z.object({ mean: z.object({ precisionAt1: z.number(), majority: z.number() }) });
const probed = (facts: 'stated' | 'unstated') => probeSchema.parse(json(`probe-${facts}.json`)).mean;

/** On the committed report: `datasets/README.md` has the commands that make it. */
describe('what the world shows', () => {
  it('pre-training is worth at least 15 points on the mean of the tasks', () => {
    const fromRandom = mean(trialsOf('full-fine-tuning', 'random'));
    expect(mean(trialsOf('full-fine-tuning')) - fromRandom).toBeGreaterThanOrEqual(15);
  });

  it('a cloze without any training is at least 5 points above chance', () => {
    const zeroShot = trialsOf('zero-shot');
    const chance = mean(zeroShot, (trial) => trial.chance.score);
    expect(mean(zeroShot) - chance).toBeGreaterThanOrEqual(5);
  });

  it.each(['full-fine-tuning', 'layer-freezing', 'lora', 'p-tuning'])('32 examples are worth less to %s', (method) => {
    expect(mean(trialsOf(`${method}-32`))).toBeLessThan(mean(trialsOf(method)));
  });

  it('the model knows what it was told and guesses what it was not', () => {
    expect(probed('stated').precisionAt1).toBeGreaterThan(0.5);
    const untold = probed('unstated');
    // The best guess that knows nothing of the subject is the relation's most frequent object.
    expect(Math.abs(untold.precisionAt1 - untold.majority)).toBeLessThan(0.1);
  });
});
