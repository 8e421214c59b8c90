import * as tf from '@tensorflow/tfjs';

/** `tf.tidy` for a function whose result holds no tensors, of any type. */
export function inScope<T>(run: () => T): T {
  tf.engine().startScope();
  try {
    return run();
  } finally {
    tf.engine().endScope();
  }
}
