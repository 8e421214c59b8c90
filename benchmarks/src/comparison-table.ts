import type { ComparedTrial, ComparisonSide } from './comparison.ts';

/** Wall times, and beneath them the mean score of each method on each task, side by side, in Markdown. */
export function comparisonTable(sides: readonly ComparisonSide[]): string {
  const [ours, ...peers] = sides;
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const fastest = Math.min(...peers.map(({ wallMs }) => wallMs.min));
  const arms = [...new Set(ours!.trials.map(armOf))].sort();
  return [
    line(['whole command', 'fastest s', 'median s', 'steps in all', '× of the fastest']),
    line(['---', '---', '---', '---', '---']),
    ...sides.map(({ name, wallMs, trials }) =>
      line([
        name,
        seconds(wallMs.min),
        seconds(wallMs.median),
        String(totalSteps(trials)),
        wallMs === ours!.wallMs && peers.length > 0 ? (fastest / wallMs.min).toFixed(2) : '',
      ]),
    ),
    '',
    line(['mean accuracy, seeds', ...sides.map(({ name }) => name)]),
    line(['---', ...sides.map(() => '---')]),
    ...arms.map((arm) =>
      line([arm, ...sides.map(({ trials }) => scores(trials.filter((trial) => armOf(trial) === arm)))]),
    ),
  ].join('\n');
}

function armOf({ method, task }: ComparedTrial): string {
  return `${task} ${method}`;
}

function totalSteps(trials: readonly ComparedTrial[]): number {
  return trials.reduce((sum, { steps }) => sum + steps, 0);
}

/** The mean, and each seed's score in order. */
function scores(trials: readonly ComparedTrial[]): string {
  const values = trials.toSorted((a, b) => a.seed - b.seed).map(({ score }) => score);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return `${mean.toFixed(3)} (${values.map((value) => value.toFixed(2)).join(', ')})`;
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(1);
}
