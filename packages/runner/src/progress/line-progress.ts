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

/**
 * Plain lines for a pipe or CI: one at the start, then one for about every twentieth of the trials, and each trial
 * that failed or diverged; and what records note, each note once.
 */
export function lineProgress(write: (line: string) => void): ProgressListener {
  let total = 0;
  let done = 0;
  let left = new TimeLeft(0, 0);
  let lastStep = 0;
  const notes = new NewNotes();
  return {
    start(run) {
      ({ total, reused: done } = run);
      left = new TimeLeft(total - done, Date.now());
      lastStep = Math.floor((done / Math.max(1, total)) * 20);
      write(`${total} ${total === 1 ? 'trial' : 'trials'}, ${done} of them recorded already${provingText(run)}`);
    },
    trialStarted() {},
    trialProgressed: (trial, { step, totalSteps }) => left.progressed(trial.key, step / Math.max(1, totalSteps)),
    trialEnded(trial, record) {
      done += 1;
      left.ended(trial.key);
      for (const note of notes.of(trial, record)) write(note);
      const step = Math.floor((done / total) * 20);
      if (step === lastStep && (record.status === 'completed' || record.status === 'no-data')) return;
      lastStep = step;
      const remaining = done < total ? `, ${formatDuration(left.leftMs(Date.now()))} left` : '';
      write(`${done}/${total} ${trialName(trial)}: ${outcomeText(record)}${remaining}`);
    },
    trialProved(trial, { differences, runsAgain }) {
      if (runsAgain) return write(`${differenceText(trial, differences)}; runs again`);
      done += 1;
      left.ended(trial.key);
      const step = Math.floor((done / total) * 20);
      if (step !== lastStep)
        write(`${done}/${total} ${trialName(trial)}: ${differences.length === 0 ? 'proved' : 'differs'}`);
      lastStep = step;
    },
    waiting: (trials) => {
      if (trials > 0) write(waitingText(trials));
    },
    stop() {},
  };
}
