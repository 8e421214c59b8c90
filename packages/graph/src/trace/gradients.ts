import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers';

/**
 * Registers the gradients of TensorFlow.js's kernels. tfjs-core has a list of its own, but Node cannot load it (its
 * imports lack file extensions); the build of tfjs-layers for Node registers the same.
 */

// The gradient of Prod calls it as a method, which tfjs-core alone does not have.
Object.assign(tf.Tensor.prototype, {
  reshape(this: tf.Tensor, shape: number[]) {
    return tf.reshape(this, shape);
  },
});
