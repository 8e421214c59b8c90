import { shownLine } from '@attune/base';
import type { DownloadListener } from '@attune/checkpoints/node';
import { SingleBar } from 'cli-progress';
import {
  differenceText,
  formatDuration,
  outcomeText,
  type ProgressListener,
  provingText,
  TimeLeft,
  trialName,
} from './progress.ts';

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

/** A bar for each file that is downloaded; on what is no terminal a line for each that has arrived. */
export function downloadProgress(stream: NodeJS.WriteStream): DownloadListener {
  return stream.isTTY ? bars(stream) : lines((line) => stream.write(`${line}\n`));
}

function bars(stream: NodeJS.WriteStream): DownloadListener {
  let bar: SingleBar | undefined;
  return ({ file, receivedBytes, totalBytes }) => {
    const state = { file: shownLine(file), received: mebibytes(receivedBytes), size: mebibytes(totalBytes) };
    if (bar === undefined) {
      const format = '{bar} {percentage} % | {file} | {received} of {size} MiB';
      bar = new SingleBar({
        stream,
        format,
        barsize: 24,
        hideCursor: true,
        fps: 5,
        linewrap: false,
        gracefulExit: true,
      });
      bar.start(totalBytes, receivedBytes, state);
    }
    bar.update(receivedBytes, state);
    if (receivedBytes < totalBytes) return;
    bar.stop();
    bar = undefined;
  };
}

function lines(write: (line: string) => void): DownloadListener {
  return ({ file, receivedBytes, totalBytes }) => {
    if (receivedBytes === totalBytes) write(`${shownLine(file)}: downloaded, ${mebibytes(totalBytes)} MiB`);
  };
}

function mebibytes(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(1);
}
