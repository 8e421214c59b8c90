import type { DownloadListener } from '@attune/core/node';
import { SingleBar } from 'cli-progress';

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
