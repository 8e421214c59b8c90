// Stands in for a worker process: does what the label of a trial says.
process.on('message', ({ type, trial }) => {
  if (type !== 'trial' && type !== 'prove') return;
  const { arm: label } = trial;
  if (type === 'prove' && label !== 'crash') {
    const differences = label === 'differs' ? ['the training step differs'] : [];
    process.send({ type: 'proved', comparison: { differences, otherProcessor: false } });
    return;
  }
  if (label === 'hang') return;
  if (label === 'killed') process.kill(process.pid, 'SIGKILL');
  if (label === 'unusable') process.send({ type: 'unusable', message: 'no such engine' });
  if (label === 'crash') {
    process.stderr.write('out of ideas\n', () => process.exit(7));
    return;
  }
  if (label === 'talk') {
    process.stderr.write('one\ntwo\nthree\nfour\n', () => process.exit(1));
    return;
  }
  process.send({ type: 'progress', progress: { step: 1, totalSteps: 2, loss: 0.5 } });
  const status = label === 'fail' ? 'failed' : 'completed';
  const record = { key: trial.key, status, message: 'done' };
  process.send({ type: 'record', record }, () => label === 'last' && process.exit(3));
});
process.on('disconnect', () => process.exit());
