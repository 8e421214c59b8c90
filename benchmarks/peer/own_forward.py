"""The same loss as a PyTorch user writes it who wants it fast: a forward pass of one's own over the model's parameters.

What it saves against the library's: the last layer is computed at the positions that are read, the vocabulary at the
words that are read; frozen weights of query, key and value are one product; LoRA's two down-projections are one
product; pseudo tokens and words go through one look-up; nothing but the loss is kept.
"""

import torch
from models import LORA_ALPHA, LORA_RANK, inner, public_name
from torch.nn.functional import cross_entropy, embedding, gelu, layer_norm, linear, scaled_dot_product_attention


def own_loss(model, case, batch):
    """A function that computes the loss; gradients equal the library's."""
    forward = OwnForward(inner(model), case, batch)
    head = forward.classification if case["head"] == "classification" else forward.cloze
    labels = batch["labels"].argmax(dim=1)
    return lambda: cross_entropy(head(), labels)


def own_loss_bf16(model, case, batch):
    """The same with products in bfloat16, as autocast chooses; parameters and their update stay float32."""
    loss = own_loss(model, case, batch)

    def in_bf16():
        with torch.autocast("cpu", dtype=torch.bfloat16):
            return loss()

    return in_bf16


class OwnForward:
    """A BERT of `case`, its parameters by the names of its checkpoint."""

    def __init__(self, model, case, batch):
        config = case["config"]
        self.model, self.case = model, case
        self.values = {public_name(name): value for name, value in model.named_parameters()}
        self.layers, self.heads = config["num_hidden_layers"], config["num_attention_heads"]
        self.epsilon = config.get("layer_norm_eps", 1e-12)
        self.ids = batch["inputIds"].long()
        self.types = batch["tokenTypeIds"].long()
        self.mask = batch["attentionMask"].bool()[:, None, None, :]
        rows, length = self.ids.shape
        self.rows = torch.arange(rows)
        self.read = torch.zeros(rows, dtype=torch.long)
        if case["head"] == "cloze":
            self.read = batch["maskPositions"].long().flatten() - length * self.rows
            self.words = torch.tensor([word for label in case["verbalizer"] for word in label])
        if case["method"] == "p-tuning":
            index = batch["virtualTokenIndex"].long()
            self.places = index.nonzero(as_tuple=True)
            self.order = index[self.places] - 1
        self.frozen_projections = [self.joined_projections(layer) for layer in range(self.layers)]

    def joined_projections(self, layer):
        """Query, key and value as one weight and bias, where none of the three trains."""
        prefix = f"bert.encoder.layer.{layer}.attention.self."
        names = [prefix + name for name in ("query", "key", "value")]
        if any(self.values[f"{name}.{part}"].requires_grad for name in names for part in ("weight", "bias")):
            return None
        return tuple(torch.cat([self.values[f"{name}.{part}"] for name in names]) for part in ("weight", "bias"))

    def linear(self, x, name):
        return linear(x, self.values[f"{name}.weight"], self.values[f"{name}.bias"])

    def norm(self, x, name):
        weight, bias = self.values[f"{name}.weight"], self.values[f"{name}.bias"]
        return layer_norm(x, weight.shape, weight, bias, self.epsilon)

    def classification(self):
        last, _ = self.encode(self.ids)
        return self.linear(self.linear(last, "bert.pooler.dense").tanh(), "classifier")

    def cloze(self):
        # One look-up for inputs and label words: the gradient of the embeddings is then scattered once.
        last, words = self.encode(torch.cat([self.ids.flatten(), self.words]))
        hidden = gelu(self.linear(last, "cls.predictions.transform.dense"))
        hidden = self.norm(hidden, "cls.predictions.transform.LayerNorm")
        logits = linear(hidden, words, self.values["cls.predictions.bias"][self.words])
        sizes = [len(label) for label in self.case["verbalizer"]]
        return torch.stack([own.mean(dim=1) for own in logits.split(sizes, dim=1)], dim=1)

    def encode(self, looked_up):
        """Hidden states of the last layer at the position each row reads [rows, width]; embeddings of further words."""
        found = embedding(looked_up.flatten(), self.values["bert.embeddings.word_embeddings.weight"])
        words, hidden = found[self.ids.numel() :], found[: self.ids.numel()].view(*self.ids.shape, -1)
        if self.case["method"] == "p-tuning":
            hidden = hidden.index_put(self.places, embedding(self.order, self.model.prompt_encoder()))
        positions = self.values["bert.embeddings.position_embeddings.weight"][: self.ids.shape[1]]
        types = embedding(self.types, self.values["bert.embeddings.token_type_embeddings.weight"])
        hidden = self.norm(hidden + types + positions, "bert.embeddings.LayerNorm")
        for layer in range(self.layers - 1):
            hidden = self.layer(layer, hidden, hidden)
        last = hidden[self.rows, self.read][:, None]
        return self.layer(self.layers - 1, hidden, last).squeeze(1), words

    def layer(self, index, hidden, read):
        """One layer at the positions `read` [rows, read, width] of `hidden` [rows, length, width]."""
        prefix = f"bert.encoder.layer.{index}."
        mixed = self.linear(self.attention(index, hidden, read), prefix + "attention.output.dense")
        mixed = self.norm(mixed + read, prefix + "attention.output.LayerNorm")
        wide = gelu(self.linear(mixed, prefix + "intermediate.dense"))
        return self.norm(self.linear(wide, prefix + "output.dense") + mixed, prefix + "output.LayerNorm")

    def attention(self, index, hidden, read):
        query, key, value = self.query_key_value(index, hidden, read)
        mixed = scaled_dot_product_attention(*(self.by_head(x) for x in (query, key, value)), attn_mask=self.mask)
        return mixed.transpose(1, 2).flatten(2)

    def by_head(self, x):
        return x.unflatten(-1, (self.heads, -1)).transpose(1, 2)

    def query_key_value(self, index, hidden, read):
        prefix = f"bert.encoder.layer.{index}.attention.self."
        if self.frozen_projections[index] is None:
            inputs = {"query": read, "key": hidden, "value": hidden}
            return tuple(self.linear(x, prefix + name) for name, x in inputs.items())
        weight, bias = self.frozen_projections[index]
        width = hidden.shape[-1]
        if read is hidden:
            query, key, value = linear(hidden, weight, bias).split(width, dim=-1)
        else:
            query = linear(read, weight[:width], bias[:width])
            key, value = linear(hidden, weight[width:], bias[width:]).split(width, dim=-1)
        if self.case["method"] != "lora":
            return query, key, value
        query_change, value_change = self.lora_changes(prefix, hidden, read)
        return query + query_change, key, value + value_change

    def lora_changes(self, prefix, hidden, read):
        """What LoRA adds to query and value; one product goes down where both read the same rows."""
        down = [self.values[f"{prefix}{name}.lora_A.weight"] for name in ("query", "value")]
        up = [self.values[f"{prefix}{name}.lora_B.weight"] for name in ("query", "value")]
        scale = LORA_ALPHA / LORA_RANK
        if read is hidden:
            low = (scale * linear(hidden, torch.cat(down))).split(LORA_RANK, dim=-1)
        else:
            low = [scale * linear(x, matrix) for x, matrix in zip((read, hidden), down)]
        return [linear(x, matrix) for x, matrix in zip(low, up)]
