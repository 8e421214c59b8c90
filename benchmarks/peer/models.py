"""The compared models in transformers and PEFT, with our parameter names, and the ways of writing their loss."""

import peft
import torch
from prompt_encoder import PromptEncoder
from torch.nn.functional import cross_entropy, embedding
from transformers import BertConfig, BertForMaskedLM, BertForSequenceClassification

LORA_RANK, LORA_ALPHA = 8, 16


def build_model(case, weights):
    """A model of the case's head and method with the given weights; only what trains has requires_grad."""
    head = BertForSequenceClassification if case["head"] == "classification" else BertForMaskedLM
    config = BertConfig(**case["config"], num_labels=2, attn_implementation="sdpa")
    model = attach(head(config), case)
    # PEFT keeps the head it replaced beside the one that trains.
    named = [(name, value) for name, value in model.named_parameters() if ".original_module." not in name]
    own = {public_name(name): parameter for name, parameter in named}
    missing = set(own) ^ set(weights)
    if missing:
        raise SystemExit(f"weights do not fit the model: {sorted(missing)}")
    with torch.no_grad():
        for name, parameter in own.items():
            parameter.copy_(weights[name])
    return model.train()


def attach(model, case):
    match case["method"]:
        case "full":
            return model
        case "half-frozen":
            return freeze_bottom(model, case["config"]["num_hidden_layers"] // 2)
        case "lora":
            kind = peft.TaskType.SEQ_CLS if case["head"] == "classification" else None
            config = peft.LoraConfig(r=LORA_RANK, lora_alpha=LORA_ALPHA, target_modules=["query", "value"], task_type=kind)
            return peft.get_peft_model(model, config)
        case "p-tuning":
            model.requires_grad_(False)
            if case["head"] == "classification":
                model.classifier.requires_grad_(True)
            model.prompt_encoder = PromptEncoder(case["numVirtualTokens"], case["config"]["hidden_size"])
            return model
    raise SystemExit(f"unknown method {case['method']}")


def freeze_bottom(model, layers):
    model.bert.embeddings.requires_grad_(False)
    for layer in model.bert.encoder.layer[:layers]:
        layer.requires_grad_(False)
    return model


def public_name(name):
    """Our name of a parameter: PEFT's wrappers left out, the decoder's bias where the checkpoint has it."""
    name = name.removeprefix("base_model.model.")
    for wrapper in (".base_layer", ".modules_to_save", ".default"):
        name = name.replace(wrapper, "")
    return name.replace("cls.predictions.decoder.bias", "cls.predictions.bias")


def trainable_parameters(model):
    return {public_name(name): p for name, p in model.named_parameters() if p.requires_grad}


def inner(model):
    """The transformers model inside PEFT's wrapper."""
    return model.base_model.model if isinstance(model, peft.PeftModel) else model


def loss_functions(model, case, batch):
    """Ways of computing the loss, by name: as the library has it ("stock") and, for a cloze, the head at masks only."""
    model = inner(model)
    inputs = model_inputs(model, case, batch)
    labels = batch["labels"].argmax(dim=1)
    if case["head"] == "classification":
        return {"stock": lambda: cross_entropy(model(**inputs()).logits, labels)}
    positions = batch["maskPositions"].long().flatten()
    words = [torch.tensor(label) for label in case["verbalizer"]]

    def loss_at(logits):
        return cross_entropy(torch.stack([logits[:, own].mean(dim=1) for own in words], dim=1), labels)

    def gathered():
        hidden = model.bert(**inputs()).last_hidden_state
        return loss_at(model.cls(hidden.flatten(0, 1)[positions]))

    return {"stock": lambda: loss_at(model(**inputs()).logits.flatten(0, 1)[positions]), "gathered": gathered}


def model_inputs(model, case, batch):
    """A function that gives the model's inputs; with pseudo tokens it runs the prompt encoder."""
    ids = batch["inputIds"].long()
    shared = {"token_type_ids": batch["tokenTypeIds"].long(), "attention_mask": batch["attentionMask"].long()}
    if case["method"] != "p-tuning":
        return lambda: {"input_ids": ids, **shared}
    index = batch["virtualTokenIndex"].long()
    places = index.nonzero(as_tuple=True)
    order = index[places] - 1

    def with_prompts():
        embeddings = model.bert.embeddings.word_embeddings(ids)
        embeddings[places] = embedding(order, model.prompt_encoder())
        return {"inputs_embeds": embeddings, **shared}

    return with_prompts
