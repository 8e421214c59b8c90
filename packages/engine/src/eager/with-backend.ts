import * as tf from '@tensorflow/tfjs-core';

/** Runs a synchronous function on a TensorFlow.js backend that is initialised, then gives the old one back. */
export function withBackend<T>(backend: string, run: () => T): T {
  const previous = tf.getBackend();
  // Setting a backend that exists takes effect before its promise is returned.
  void tf.setBackend(backend);
  try {
    return run();
  } finally {
    if (previous && previous !== backend) {
      void tf.setBackend(previous);
    }
  }
}
