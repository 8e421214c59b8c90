import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import type { ConstantData, ValueInfo } from './graph.ts';

/** Constants up to this many elements are written out; longer ones by their hash. */
const LONGEST_LITERAL = 8;

/** "float32[2, 3]"; a scalar is "float32[]". */
export function infoText({ dtype, shape }: ValueInfo): string {
  return `${dtype}[${shape.join(', ')}]`;
}

/** Every digit of a number that matters: NaN, infinities and negative zero included. */
export function numberText(x: number): string {
  return Object.is(x, -0) ? '-0' : String(x);
}

/** "{axes=[0, 1], keepDims=true}", by name; nothing when there are no attributes. */
export function attributeText(attributes: object): string {
  const entries = Object.entries(attributes)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${plainText(value)}`);
  return entries.length === 0 ? '' : `{${entries.join(', ')}}`;
}

function plainText(value: unknown): string {
  if (Array.isArray(value)) {
    return `[${value.map(plainText).join(', ')}]`;
  }
  return typeof value === 'number' ? numberText(value) : String(value);
}

/** Type and content of a constant. Different NaNs count as one. */
export function constantText(info: ValueInfo, data: ConstantData): string {
  const content =
    data.length <= LONGEST_LITERAL
      ? `(${Array.from(data, numberText).join(', ')})`
      : `sha256:${bytesToHex(sha256(bytesOf(data)))}`;
  return `${infoText(info)} ${content}`;
}

function bytesOf(data: ConstantData): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}
