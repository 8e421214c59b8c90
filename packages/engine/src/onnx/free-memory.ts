import { MessageChannel } from 'node:worker_threads';

const { port1: closed } = new MessageChannel();
closed.close();

/**
 * Frees the memory of buffers at once, where the garbage collector would take its time; what views them is empty
 * afterwards. Handing a buffer to a closed port takes it away. Not for the buffer of a WebAssembly memory.
 */
export function freeMemory(buffers: readonly ArrayBuffer[]): void {
  closed.postMessage(null, buffers);
}
