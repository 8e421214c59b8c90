import { SingleBar } from 'cli-progress';
import { differenceText, outcomeText, type ProgressListener, provingText, trialName } from './progress.ts';
import { formatDuration, TimeLeft } from './time-left.ts';

/** A bar at the bottom of a terminal: trials done, current trial, its loss, time left. */
export function barProgress(stream: NodeJS.WriteStream): ProgressListener {
  const bar = new SingleBar({
    stream,
    format: '{bar} {value}/{total} | {trial} | loss {loss} | {left} left',
    barsize: 24,
    hideCursor: true,
    fps: 5,
    linewrap: false,
    gracefulExit: false,
    emptyOnZero: true,
  });
  let left = new TimeLeft(0, 0);
  const remaining = () => formatDuration(left.leftMs(Date.now()));
  return {
    start({ total, reused, ...recorded }) {
      const proving = provingText(recorded);
      if (proving !== '') stream.write(`${total} trials, ${reused} of them recorded already${proving}\n`);
      left = new TimeLeft(total - reused, Date.now());
      bar.start(total, reused, { trial: 'starting', loss: '-', left: '?' });
    },
    trialStarted: (trial, doing) => {
      const name = doing === 'prove' ? `proving ${trialName(trial)}` : trialName(trial);
      bar.update({ trial: name, loss: '-', left: remaining() });
    },
    trialProgressed(trial, { step, totalSteps, loss }) {
      left.progressed(trial.key, step / Math.max(1, totalSteps));
      bar.update({ trial: trialName(trial), loss: loss === null ? '-' : loss.toFixed(3), left: remaining() });
    },
    trialEnded(trial, record) {
      left.ended(trial.key);
      if (record.status === 'failed' || record.status === 'diverged') {
        // Above the bar, which is drawn again below.
        stream.write(`\r\u001b[K${trialName(trial)}: ${outcomeText(record)}\n`);
      }
      bar.increment(1, { left: remaining() });
    },
    trialProved(trial, { differences, runsAgain }) {
      if (runsAgain) {
        stream.write(`\r\u001b[K${differenceText(trial, differences)}; runs again\n`);
        return;
      }
      left.ended(trial.key);
      bar.increment(1, { left: remaining() });
    },
    stop() {
      bar.stop();
      // A message written over the bar (Ctrl-C) may have left a second copy of it below.
      stream.write('\u001b[J');
    },
  };
}
