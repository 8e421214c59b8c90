import { Writable } from 'node:stream';
import { expect, it } from 'vitest';
import { downloadProgress } from './bar-progress.ts';

const MiB = 2 ** 20;

function screen(isTTY: boolean) {
  const written: string[] = [];
  const stream = new Writable({
    write(chunk, _, done) {
      written.push(String(chunk));
      done();
    },
  });
  const terminal = { isTTY, columns: 100, cursorTo() {}, clearLine() {}, clearScreenDown() {}, moveCursor() {} };
  return { written, stream: Object.assign(stream, terminal) as unknown as NodeJS.WriteStream };
}

it('is a line for each file that has arrived where there is no terminal', () => {
  const { written, stream } = screen(false);
  const listener = downloadProgress(stream);
  for (const receivedBytes of [MiB, 3 * MiB]) listener({ file: 'weights', receivedBytes, totalBytes: 3 * MiB });
  expect(written).toEqual(['weights: downloaded, 3.0 MiB\n']);
});

it.each([true, false])('says once that another process is waited for (terminal: %s)', (isTTY) => {
  const { written, stream } = screen(isTTY);
  const listener = downloadProgress(stream);
  for (let count = 0; count < 3; count++) {
    listener({ file: 'weights', receivedBytes: 0, totalBytes: MiB, waitingFor: 'process 7 on here' });
  }
  expect(written).toEqual(['weights: process 7 on here downloads it; waiting\n']);
});

it('is a bar for each file on a terminal', () => {
  const { written, stream } = screen(true);
  const listener = downloadProgress(stream);
  for (const file of ['first', 'second']) {
    for (const receivedBytes of [MiB, 4 * MiB]) listener({ file, receivedBytes, totalBytes: 4 * MiB });
  }
  const text = written.join('');
  expect(text).toContain('25 % | first | 1.0 of 4.0 MiB');
  expect(text).toContain('100 % | second | 4.0 of 4.0 MiB');
});
