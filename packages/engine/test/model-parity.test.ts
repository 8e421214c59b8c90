import { modelParity } from '@attune/testing';
import { createOnnxEngine } from '../src/index.ts';

modelParity(() => createOnnxEngine({ threads: 1 }));
