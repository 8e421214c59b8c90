import type { InferenceSession } from 'onnxruntime-node';
import { freeMemory } from './free-memory.ts';

/**
 * Runs a session. Outputs that are given a tensor are written there and are not to be read from the results.
 *
 * onnxruntime-node 1.30 copies every output into a new array, also those that were given one, and left to the garbage
 * collector the copies of a few steps pile up: memory then comes fresh from the system, page by page. So the copies
 * are freed at once.
 *
 * @param fetches  outputs by name, null where a new tensor is wanted
 */
export async function runSession(
  session: InferenceSession,
  feeds: InferenceSession.OnnxValueMapType,
  fetches: InferenceSession.NullableOnnxValueMapType,
): Promise<InferenceSession.OnnxValueMapType> {
  const results = await session.run(feeds, fetches);
  const copies = Object.keys(fetches).filter((name) => fetches[name] !== null);
  if (copies.length > 0) freeMemory(copies.map((name) => (results[name]!.data as Float32Array).buffer as ArrayBuffer));
  return results;
}
