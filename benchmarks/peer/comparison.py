"""The small comparison as one would write it with transformers and PEFT: four methods, two tasks, three seeds.

    python comparison.py FOLDER --processes 2 --threads 1

FOLDER holds protocol.json, as benchmarks/src/comparison.ts writes it: hyper-parameters, methods, tasks, seeds, and
where data and checkpoint are. Prints one JSON object a trial. Lengths are grouped, padding goes to the longest of a
batch, the head runs at masks alone, attention is fused, AdamW is one kernel.
"""

import argparse
import copy
import json
import math
import multiprocessing
import random
import string
from pathlib import Path

import torch
from models import attach
from torch.nn.functional import cross_entropy, embedding
from transformers import AutoTokenizer, BertForMaskedLM, get_linear_schedule_with_warmup

EVALUATION_BATCH = 64
NUMBER_OF_PROMPTS = 4


class Task:
    """Rows of one task as clozes. Pattern: first [P] Question: second ? [P] Answer: [M] ."""

    def __init__(self, protocol, spec, tokenizer):
        self.first, self.second, self.separator = spec["first"], spec["second"], spec["separator"]
        self.labels = spec["labels"]
        self.folder = Path(protocol["data"]) / spec["directory"]
        self.tokenizer = tokenizer
        self.words = [self.encode(word)[0] for word in spec["words"]]
        self.rows = {}

    def encode(self, text):
        return self.tokenizer.encode(text, add_special_tokens=False)

    def split(self, name, prompts):
        """Examples of a split: ids, where the mask is, where the pseudo tokens are, the label."""
        key = (name, prompts)
        if key not in self.rows:
            lines = (self.folder / f"{name}.jsonl").read_text().splitlines()
            self.rows[key] = [self.example(json.loads(line), prompts) for line in lines]
        return self.rows[key]

    def example(self, row, prompts):
        special = self.tokenizer
        slot = [special.unk_token_id] * (prompts // 2)
        first = self.encode(row[self.first]) + self.encode(self.separator)
        asked = row[self.second].rstrip(string.punctuation)
        question = self.encode("Question:") + self.encode(asked) + self.encode("?")
        before = [special.cls_token_id, *first]
        middle = [*slot, *question]
        end = [*slot, *self.encode("Answer:"), special.mask_token_id, *self.encode("."), special.sep_token_id]
        ids = [*before, *middle, *end]
        starts = (len(before), len(before) + len(middle))
        places = [start + offset for start in starts for offset in range(len(slot))]
        label = self.labels.index(row["label"])
        return {"ids": ids, "mask": ids.index(special.mask_token_id), "places": places, "label": label}


def collate(examples):
    """One batch, padded to its longest example."""
    length = max(len(one["ids"]) for one in examples)
    ids = torch.zeros(len(examples), length, dtype=torch.long)
    attention = torch.zeros_like(ids)
    for row, one in enumerate(examples):
        ids[row, : len(one["ids"])] = torch.tensor(one["ids"])
        attention[row, : len(one["ids"])] = 1
    places = [(row, place) for row, one in enumerate(examples) for place in one["places"]]
    return {
        "ids": ids,
        "attention": None if bool(attention.all()) else attention,
        "masks": torch.tensor([row * length + one["mask"] for row, one in enumerate(examples)]),
        "places": tuple(torch.tensor(places).T) if places else None,
        "order": torch.arange(len(examples[0]["places"])).repeat(len(examples)),
        "labels": torch.tensor([one["label"] for one in examples]),
    }


def scores_of(model, words, batch):
    """The logit of each label's word at the mask: [batch, labels]."""
    inner = model.base_model.model if hasattr(model, "peft_config") else model
    if batch["places"] is None:
        inputs = {"input_ids": batch["ids"]}
    else:
        embeddings = inner.bert.embeddings.word_embeddings(batch["ids"])
        embeddings[batch["places"]] = embedding(batch["order"], inner.prompt_encoder())
        inputs = {"inputs_embeds": embeddings}
    hidden = inner.bert(**inputs, attention_mask=batch["attention"]).last_hidden_state
    return inner.cls(hidden.flatten(0, 1)[batch["masks"]])[:, words]


def training_batches(examples, size, order):
    """One epoch: shuffled, grouped by length, and the groups shuffled."""
    shuffled = order.sample(examples, len(examples))
    shuffled.sort(key=lambda one: len(one["ids"]))
    groups = [shuffled[start : start + size] for start in range(0, len(shuffled), size)]
    order.shuffle(groups)
    return groups


@torch.inference_mode()
def accuracy(model, words, examples):
    ordered = sorted(examples, key=lambda one: len(one["ids"]))
    right = 0
    for start in range(0, len(ordered), EVALUATION_BATCH):
        batch = collate(ordered[start : start + EVALUATION_BATCH])
        right += (scores_of(model, words, batch).argmax(dim=1) == batch["labels"]).sum().item()
    return right / len(ordered)


def optimizer_of(model, method, training):
    trained = [parameter for parameter in model.parameters() if parameter.requires_grad]
    groups = [
        {"params": [p for p in trained if p.dim() > 1], "weight_decay": training["weightDecay"]},
        {"params": [p for p in trained if p.dim() == 1], "weight_decay": 0.0},
    ]
    return torch.optim.AdamW(groups, lr=method["learningRate"], eps=1e-8, fused=True), trained


def copies(parameters):
    return [parameter.detach().clone() for parameter in parameters]


def run_trial(trial):
    protocol, method, task, seed = WORK["protocol"], trial["method"], WORK["tasks"][trial["task"]], trial["seed"]
    training = protocol["training"]
    torch.manual_seed(seed)
    base = copy.deepcopy(WORK["base"])
    case = {"head": "cloze", "method": method["name"], "config": base.config.to_dict()}
    model = attach(base, {**case, "numVirtualTokens": NUMBER_OF_PROMPTS}).train()
    prompts = NUMBER_OF_PROMPTS if method["name"] == "p-tuning" else 0
    train, select, report = (task.split(name, prompts) for name in ("train", "dev", "val"))
    optimizer, trained = optimizer_of(model, method, training)
    steps = training["epochs"] * math.ceil(len(train) / training["batchSize"])
    schedule = get_linear_schedule_with_warmup(optimizer, math.ceil(training["warmupRatio"] * steps), steps)
    # The model before its first step is a candidate like any other.
    best, kept, order = accuracy(model, task.words, select), copies(trained), random.Random(seed)
    for _ in range(training["epochs"]):
        for examples in training_batches(train, training["batchSize"], order):
            batch = collate(examples)
            cross_entropy(scores_of(model, task.words, batch), batch["labels"]).backward()
            torch.nn.utils.clip_grad_norm_(trained, training["maxGradientNorm"])
            optimizer.step()
            schedule.step()
            optimizer.zero_grad(set_to_none=True)
        score = accuracy(model, task.words, select)
        if score > best:
            best, kept = score, copies(trained)
    with torch.no_grad():
        for parameter, value in zip(trained, kept):
            parameter.copy_(value)
    score = accuracy(model, task.words, report)
    return {"method": method["name"], "task": trial["task"], "seed": seed, "steps": steps, "score": score}


# Made before the processes fork, so that none loads it again.
WORK = {}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--processes", type=int, required=True)
    parser.add_argument("--threads", type=int, required=True)
    options = parser.parse_args()
    protocol = json.loads((options.folder / "protocol.json").read_text())
    tokenizer = AutoTokenizer.from_pretrained(protocol["checkpoint"])
    WORK["protocol"] = protocol
    WORK["base"] = BertForMaskedLM.from_pretrained(protocol["checkpoint"], attn_implementation="sdpa")
    WORK["tasks"] = {spec["name"]: Task(protocol, spec, tokenizer) for spec in protocol["tasks"]}
    trials = [
        {"method": method, "task": task, "seed": seed}
        for method in protocol["methods"]
        for task in WORK["tasks"]
        for seed in protocol["seeds"]
    ]
    torch.set_num_threads(options.threads)
    if options.processes == 1:
        results = map(run_trial, trials)
    else:
        pool = multiprocessing.get_context("fork").Pool(options.processes, torch.set_num_threads, (options.threads,))
        results = pool.imap_unordered(run_trial, trials)
    for result in results:
        print(json.dumps(result), flush=True)


if __name__ == "__main__":
    main()
