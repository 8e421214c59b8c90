/** Models that the hub once had without an owner, and many scripts still name so, by the owner that they got. */
const legacyNames: Readonly<Record<string, readonly string[]>> = {
  'google-bert': [
    ...['bert-base-uncased', 'bert-large-uncased', 'bert-base-cased', 'bert-large-cased', 'bert-base-chinese'],
    ...['bert-base-multilingual-cased', 'bert-base-multilingual-uncased', 'bert-base-german-cased'],
    ...[
      'bert-large-uncased-whole-word-masking',
      'bert-large-cased-whole-word-masking',
      'bert-base-cased-finetuned-mrpc',
    ],
  ],
  FacebookAI: ['roberta-base', 'roberta-large', 'roberta-large-mnli', 'xlm-roberta-base', 'xlm-roberta-large'],
  distilbert: [
    ...['distilbert-base-uncased', 'distilbert-base-cased', 'distilbert-base-multilingual-cased'],
    ...['distilbert-base-german-cased', 'distilbert-base-uncased-finetuned-sst-2-english'],
    ...['distilbert-base-uncased-distilled-squad', 'distilbert-base-cased-distilled-squad'],
    ...['distilroberta-base', 'distilgpt2'],
  ],
  'openai-community': ['gpt2', 'gpt2-medium', 'gpt2-large', 'gpt2-xl', 'openai-gpt', 'roberta-base-openai-detector'],
  albert: ['base', 'large', 'xlarge', 'xxlarge'].flatMap((size) => [`albert-${size}-v1`, `albert-${size}-v2`]),
};

/**
 * The hub's id of a model that is named without its owner: `google-bert/bert-base-uncased` for `bert-base-uncased`, with
 * the revision that stands behind it; undefined for any other name.
 */
export function idOfLegacyName(name: string): string | undefined {
  const bare = name.replace(/@.*/s, '');
  const owner = Object.entries(legacyNames).find(([, names]) => names.includes(bare))?.[0];
  return owner === undefined ? undefined : `${owner}/${name}`;
}

/** `; on the hub it is "google-bert/bert-base-uncased"` for such a name, else nothing: the end of a message. */
export function legacyNameHint(name: string): string {
  const id = idOfLegacyName(name);
  return id === undefined ? '' : `; on the hub it is "${id}"`;
}
