/** config.json of the small BERT that is pre-trained on the corpus, as core writes it. */
export function createBertConfig(vocabSize: number): unknown {
  return {
    model_type: 'bert',
    vocab_size: vocabSize,
    hidden_size: 128,
    num_hidden_layers: 2,
    num_attention_heads: 4,
    intermediate_size: 512,
    max_position_embeddings: 128,
    type_vocab_size: 2,
    layer_norm_eps: 1e-12,
    hidden_act: 'gelu',
    hidden_dropout_prob: 0,
    attention_probs_dropout_prob: 0,
    initializer_range: 0.08,
    position_embedding_type: 'absolute',
    is_decoder: false,
    tie_word_embeddings: true,
    architectures: ['BertForMaskedLM'],
    pad_token_id: 0,
  };
}

/** The same of the small GPT-2. */
export function createGpt2Config(vocabSize: number): unknown {
  return {
    model_type: 'gpt2',
    vocab_size: vocabSize,
    n_positions: 128,
    n_embd: 128,
    n_layer: 2,
    n_head: 4,
    n_inner: 512,
    activation_function: 'gelu_new',
    resid_pdrop: 0,
    embd_pdrop: 0,
    attn_pdrop: 0,
    layer_norm_epsilon: 1e-5,
    initializer_range: 0.08,
    scale_attn_weights: true,
    scale_attn_by_inverse_layer_idx: false,
    add_cross_attention: false,
    tie_word_embeddings: true,
    architectures: ['GPT2LMHeadModel'],
    bos_token_id: 2,
    eos_token_id: 3,
    pad_token_id: 0,
  };
}

/** tokenizer_config.json, as other tools expect it beside tokenizer.json. */
export const tokenizerConfig = {
  tokenizer_class: 'BertTokenizer',
  do_lower_case: true,
  model_max_length: 128,
  pad_token: '[PAD]',
  unk_token: '[UNK]',
  cls_token: '[CLS]',
  sep_token: '[SEP]',
  mask_token: '[MASK]',
};
