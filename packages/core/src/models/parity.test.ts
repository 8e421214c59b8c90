import { readdirSync, readFileSync } from 'node:fs';
import { readSafetensors, writeSafetensors } from '@attune/checkpoints';
import { modelParity, referenceEngine } from '@attune/testing';
import { expect, it } from 'vitest';
import { modelFamily } from './families.ts';

modelParity(async () => referenceEngine());

const fixtures = new URL('../../../testing/fixtures/models/', import.meta.url);
const files = readdirSync(fixtures, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('tensors'));

it.each(files.filter((name) => name.endsWith('/model.safetensors')).sort())('%s has our names', (name) => {
  const config = JSON.parse(readFileSync(new URL(name.replace('model.safetensors', 'config.json'), fixtures), 'utf8'));
  const { canonicalName } = modelFamily(config, name);
  // What we save is what the reference implementation reads, without another name for anything.
  const stored = [...readSafetensors(readFileSync(new URL(name, fixtures)), name).tensors.keys()];
  expect(stored.map(canonicalName)).toEqual(stored);
});

it.each(files.sort())('%s is written by us byte for byte as by the reference implementation', (name) => {
  const bytes = readFileSync(new URL(name, fixtures));
  const written = Buffer.from(writeSafetensors(readSafetensors(bytes, name).tensors));
  expect(written.equals(bytes)).toBe(true);
});
