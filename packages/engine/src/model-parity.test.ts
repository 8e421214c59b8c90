import { modelParity } from '@attune/testing';
import { createOnnxEngine } from './onnx/create-onnx-engine.ts';

// More padding on the right is another size of the same graph; on the left, positions are an input of it.
modelParity(() => createOnnxEngine({ threads: 1 }), ['left']);
