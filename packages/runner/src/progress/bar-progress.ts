import type { DownloadListener } from '@attune/checkpoints/node';
import { SingleBar } from 'cli-progress';
import {
  differenceText,
  formatDuration,
  NewNotes,
  outcomeText,
  type ProgressListener,
  provingText,
  TimeLeft,
  trialName,
  waitingText,
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
  const notes = new NewNotes();
  // The bar is drawn again below.
  const aboveBar = (line: string) => stream.write(`\r\u001b[K${line}\n`);
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
      for (const note of notes.of(trial, record)) aboveBar(note);
      if (record.status === 'failed' || record.status === 'diverged') {
        aboveBar(`${trialName(trial)}: ${outcomeText(record)}`);
      }
      bar.increment(1, { left: remaining() });
    },
    trialProved(trial, { differences, runsAgain }) {
      if (runsAgain) {
        aboveBar(`${differenceText(trial, differences)}; runs again`);
        return;
      }
      left.ended(trial.key);
      bar.increment(1, { left: remaining() });
    },
    waiting: (trials) => {
      if (trials > 0) bar.update({ trial: waitingText(trials), loss: '-', left: remaining() });
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
    const state = { file, received: mebibytes(receivedBytes), size: mebibytes(totalBytes) };
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
    if (receivedBytes === totalBytes) write(`${file}: downloaded, ${mebibytes(totalBytes)} MiB`);
  };
}

function mebibytes(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(1);
}
