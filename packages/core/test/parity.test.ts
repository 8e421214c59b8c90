import { readdirSync, readFileSync } from 'node:fs';
import { modelParity, referenceEngine } from '@attune/testing';
import { expect, it } from 'vitest';
import { readSafetensors } from '../src/checkpoint/read-safetensors.ts';
import { writeSafetensors } from '../src/checkpoint/write-safetensors.ts';

modelParity(async () => referenceEngine());

const fixtures = new URL('../../testing/fixtures/models/', import.meta.url);
const files = readdirSync(fixtures, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('tensors'));

it.each(files.sort())('%s is written by us byte for byte as by the reference implementation', (name) => {
  const bytes = readFileSync(new URL(name, fixtures));
  const written = Buffer.from(writeSafetensors(readSafetensors(bytes, name).tensors));
  expect(written.equals(bytes)).toBe(true);
});
