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

/** The longest that a reader of the lines is left without one. */
const silenceMs = 30_000;

/**
 * Plain lines for a pipe or CI: what is done before the trials, one line for about every twentieth of the trials, each
 * trial that failed or diverged, what records note, each note once; and where half a minute would pass without a line,
 * how far the running trial is.
 */
export function lineProgress(write: (line: string) => void): ProgressListener {
  let total = 0;
  let done = 0;
  let left = new TimeLeft(0, 0);
  let lastStep = 0;
  /** What is told when nothing else was for a while. */
  let state = 'Starting';
  let timer: NodeJS.Timeout | undefined;
  const tell = (line: string) => {
    clearTimeout(timer);
    write(line);
    wait();
  };
  const wait = () => {
    timer = setTimeout(() => tell(state), silenceMs).unref();
  };
  const running = (trial: Trial, what: string) => {
    state = `${done}/${total} ${trialName(trial)}: ${what}${leftText(left.leftMs(Date.now()))}`;
    if (timer === undefined) wait();
  };
  const notes = new NewNotes();
  return {
    doing(what) {
      state = what;
      tell(what);
    },
    start(run) {
      ({ total, reused: done } = run);
      left = new TimeLeft(total - done, Date.now());
      lastStep = Math.floor((done / Math.max(1, total)) * 20);
      tell(`${total} ${total === 1 ? 'trial' : 'trials'}, ${done} of them recorded already${provingText(run)}`);
    },
    trialStarted: (trial, doing) => running(trial, doing === 'prove' ? 'being proved' : 'starting'),
    trialProgressed(trial, progress) {
      left.progressed(trial.key, progress.step / Math.max(1, progress.totalSteps));
      running(trial, stateText(progress));
    },
    trialEnded(trial, record) {
      done += 1;
      left.ended(trial.key);
      for (const note of notes.of(trial, record)) write(note);
      const step = Math.floor((done / total) * 20);
      if (step === lastStep && (record.status === 'completed' || record.status === 'no-data')) return;
      lastStep = step;
      const remaining = done < total ? leftText(left.leftMs(Date.now())) : '';
      tell(`${done}/${total} ${trialName(trial)}: ${outcomeText(record)}${remaining}`);
    },
    trialProved(trial, { differences, runsAgain }) {
      if (runsAgain) return tell(`${differenceText(trial, differences)}; runs again`);
      done += 1;
      left.ended(trial.key);
      const step = Math.floor((done / total) * 20);
      if (step !== lastStep)
        tell(`${done}/${total} ${trialName(trial)}: ${differences.length === 0 ? 'proved' : 'differs'}`);
      lastStep = step;
    },
    waiting(trials) {
      if (trials > 0) tell(waitingText(trials));
    },
    stop() {
      clearTimeout(timer);
      timer = undefined;
    },
  };
}
