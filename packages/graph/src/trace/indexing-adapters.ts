import type { DType } from '../dtype.ts';
import { TraceError } from '../errors.ts';
import type { Adapter } from './adapter.ts';
import { attribute, axisOf } from './adapter.ts';
import { callSite } from './call-site.ts';

export const batchMatMul: Adapter = (call) =>
  call.builder.emit('BatchMatMul', [call.input('a'), call.input('b')], {
    transposeA: attribute<boolean | undefined>(call, 'transposeA') ?? false,
    transposeB: attribute<boolean | undefined>(call, 'transposeB') ?? false,
  });

export const gatherV2: Adapter = (call) => {
  const [x, indices] = [call.input('x'), call.input('indices')];
  const { shape } = call.info(x);
  const axis = axisOf(call, 'axis', shape.length);
  const batchDims = attribute<number | undefined>(call, 'batchDims') ?? 0;
  if (batchDims < 0 || (batchDims > 0 && axis !== batchDims)) {
    throw new TraceError(
      `trace: kernel "GatherV2" with axis ${axis} and batchDims ${batchDims} has no rule${callSite()}; ` +
        'batchDims must be 0 or equal to the axis; transpose x first',
    );
  }
  return call.builder.emit('GatherV2', [x, indices], { axis, batchDims });
};

export const scatterNd: Adapter = (call) =>
  call.builder.emit('ScatterNd', [call.input('indices'), call.input('updates')], {
    shape: attribute<number[]>(call, 'shape'),
  });

/** Kernel inputs x and segmentIds; the ids may have several axes. */
export const unsortedSegmentSum: Adapter = (call) =>
  call.builder.emit('UnsortedSegmentSum', [call.input('x'), call.input('segmentIds')], {
    numSegments: attribute<number>(call, 'numSegments'),
  });

export const oneHot: Adapter = (call) =>
  call.builder.emit('OneHot', [call.input('indices')], {
    depth: attribute<number>(call, 'depth'),
    onValue: attribute<number>(call, 'onValue'),
    offValue: attribute<number>(call, 'offValue'),
    dtype: attribute<DType | undefined>(call, 'dtype') ?? 'float32',
  });
