import { shownLine } from '@attune/base';
import type { DownloadListener } from '@attune/checkpoints/node';
import { SingleBar } from 'cli-progress';
import type { Trial } from '../trial/expand-trials.ts';
import {
  differenceText,
  leftText,
  NewNotes,
  outcomeText,
  type ProgressListener,
  provingText,
  stateText,
  TimeLeft,
  trialName,
  waitingText,
} from './progress.ts';

/** A bar at the bottom of a terminal: trials done, the current one, its step and loss, time left. */
export function barProgress(stream: NodeJS.WriteStream): ProgressListener {
  const bar = new SingleBar({
    stream,
    format: '{bar} {value}/{total} | {text}',
    barsize: 24,
    hideCursor: true,
    fps: 5,
    linewrap: false,
    gracefulExit: false,
    emptyOnZero: true,
  });
  let left = new TimeLeft(0, 0);
  const show = (trial: Trial, what: string) =>
    bar.update({ text: `${trialName(trial)} | ${what}${leftText(left.leftMs(Date.now()))}` });
  const notes = new NewNotes();
  // The bar is drawn again below.
  const aboveBar = (line: string) => stream.write(`${clearedLine}${line}\n`);
  return {
    // Without an end of line, so that whatever comes next takes its place.
    doing: (what) => stream.write(`${clearedLine}${what} ...\r`),
    start({ total, reused, ...recorded }) {
      const proving = provingText(recorded);
      stream.write(clearedLine);
      if (proving !== '') stream.write(`${total} trials, ${reused} of them recorded already${proving}\n`);
      left = new TimeLeft(total - reused, Date.now());
      bar.start(total, reused, { text: 'starting' });
    },
    trialStarted: (trial, doing) => show(trial, doing === 'prove' ? 'being proved' : 'starting'),
    trialProgressed(trial, progress) {
      left.progressed(trial.key, progress.step / Math.max(1, progress.totalSteps));
      show(trial, stateText(progress));
    },
    trialEnded(trial, record) {
      left.ended(trial.key);
      for (const note of notes.of(trial, record)) aboveBar(note);
      if (record.status === 'failed' || record.status === 'diverged') {
        aboveBar(`${trialName(trial)}: ${outcomeText(record)}`);
      }
      bar.increment(1);
      show(trial, outcomeText(record));
    },
    trialProved(trial, { differences, runsAgain }) {
      if (runsAgain) {
        aboveBar(`${differenceText(trial, differences)}; runs again`);
        return;
      }
      left.ended(trial.key);
      bar.increment(1);
    },
    waiting: (trials) => {
      if (trials > 0) bar.update({ text: waitingText(trials) });
    },
    stop() {
      bar.stop();
      // A message written over the bar (Ctrl-C) may have left a second copy of it below.
      stream.write('\u001b[J');
    },
  };
}

const clearedLine = '\r\u001b[K';

/** A bar for each file that is downloaded; on what is no terminal a line for each that has arrived. */
export function downloadProgress(stream: NodeJS.WriteStream): DownloadListener {
  return stream.isTTY ? bars(stream) : lines((line) => stream.write(`${line}\n`));
}

function bars(stream: NodeJS.WriteStream): DownloadListener {
  let bar: SingleBar | undefined;
  const wait = waits((line) => stream.write(`${line}\n`));
  return (progress) => {
    const { file, receivedBytes, totalBytes } = progress;
    if (wait(progress)) return;
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
  const wait = waits(write);
  return (progress) => {
    const { file, receivedBytes, totalBytes } = progress;
    if (wait(progress)) return;
    if (receivedBytes === totalBytes) write(`${shownLine(file)}: downloaded, ${mebibytes(totalBytes)} MiB`);
  };
}

/** Tells once for each file who downloads it instead. @returns whether that is the progress */
function waits(write: (line: string) => void): (progress: Parameters<DownloadListener>[0]) => boolean {
  const told = new Set<string>();
  return ({ file, waitingFor }) => {
    if (waitingFor === undefined) return false;
    if (!told.has(file)) write(`${shownLine(file)}: ${waitingFor} downloads it; waiting`);
    told.add(file);
    return true;
  };
}

function mebibytes(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(1);
}
