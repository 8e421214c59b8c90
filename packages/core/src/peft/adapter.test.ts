import { floatTensor, zerosTensor } from '@attune/base';
import { expectAllClose, tinyBert, tinyFamilies } from '@attune/testing';
import { describe, expect, it } from 'vitest';
import type { Model, ParameterSpec } from '../contracts/model.ts';
import { fromPeftTensors, peftConfigText, peftLayout, toPeftTensors } from './adapter.ts';

const { model } = tinyBert();
const roberta = tinyFamilies().find(({ title }) => title === 'roberta')!.subject.model;
const own: ParameterSpec = {
  ...{ name: 'bert.scale', shape: [2], role: 'adapter', initializer: { kind: 'ones' }, decay: true },
};
const layoutOf = (names: readonly string[], of: Model = model) => peftLayout({ model: of, adapter: [own], names });
const exact = { relative: 0, absolute: 0 };

describe('tensors', () => {
  const values = new Map([
    ['bert.scale', floatTensor([2], [3, 4])],
    ['classifier.weight', zerosTensor([5, 16])],
    ['classifier.bias', floatTensor([5], [1, 2, 3, 4, 5])],
    ['bert.embeddings.word_embeddings.weight', zerosTensor([50, 16])],
  ]);
  const layout = layoutOf([...values.keys()]);

  it('get the prefix, without what is of neither method nor head, and lose it again', () => {
    const written = toPeftTensors(values, layout, 'scale: toPeft');
    const names = ['bert.scale', 'classifier.weight', 'classifier.bias'];
    expect([...written.keys()]).toEqual(names.map((name) => `base_model.model.${name}`));
    const back = fromPeftTensors(written, layoutOf([...written.keys()]), 'file');
    expectAllClose(back, new Map(names.map((name) => [name, values.get(name)!])), exact);
  });

  it('that are missing or mis-shaped are all listed', () => {
    const some = new Map([
      ['bert.scale', zerosTensor([3])],
      ['classifier.weight', zerosTensor([5, 16])],
    ]);
    expect(() => toPeftTensors(some, layout, 'scale: toPeft')).toThrow(
      'scale: toPeft: mis-shaped bert.scale: expected [2], got [3]\nscale: toPeft: missing classifier.bias [any]',
    );
    expect(() => fromPeftTensors(some, layout, 'file')).toThrow(
      'file: missing base_model.model.bert.scale [2]\n' +
        'file: missing base_model.model.classifier.weight [any, 16]\n' +
        'file: missing base_model.model.classifier.bias [any]\n' +
        'file: unexpected bert.scale\n' +
        'file: unexpected classifier.weight',
    );
  });
});

describe('heads', () => {
  it('are told by their names: all of one, or most', () => {
    const dense = ['classifier.dense.weight', 'classifier.out_proj.weight'];
    expect(layoutOf(['bert.scale']).head).toBeUndefined();
    expect(layoutOf(['base_model.model.classifier.weight']).head).toEqual({
      kind: 'classification',
      modules: ['classifier'],
    });
    expect(layoutOf(dense, roberta).head?.kind).toBe('classification');
    expect(layoutOf(['classifier.weight', 'classifier.bias'], roberta).head?.kind).toBe('choice');
  });
});

it('a configuration has the fields of its method and those of all, sorted', () => {
  const { head } = peftLayout({ model, adapter: [own], names: ['classifier.weight'], kind: 'choice' });
  const text = peftConfigText({ peft_type: 'SCALE', a: 1 }, { head: head!, baseModel: 'owner/base' });
  expect(text).toBe(`{
  "a": 1,
  "auto_mapping": null,
  "base_model_name_or_path": "owner/base",
  "inference_mode": true,
  "modules_to_save": [
    "classifier"
  ],
  "peft_type": "SCALE",
  "revision": null,
  "task_type": null
}
`);
});
