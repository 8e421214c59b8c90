"""One training step in PyTorch, transformers and PEFT, timed on request.

    python step.py FOLDER

FOLDER holds case.json, weights.safetensors and batch.safetensors, as benchmarks/src/peer-files.ts writes them. One
JSON object a line: commands on stdin, answers on stdout (see `Server`). Everything else that a library prints goes to
stderr.
"""

import json
import os
import resource
import sys
import time
from pathlib import Path

import peft
import torch
import transformers
from safetensors.torch import load_file, save_file

from models import build_model, loss_functions, trainable_parameters
from own_forward import own_loss, own_loss_bf16


def optimizers(parameters, case):
    """AdamW as PyTorch offers it on a CPU; the fused one is one kernel for all parameters."""
    decayed = set(case["decayed"])
    groups = [
        {"params": [p for name, p in parameters.items() if name in decayed], "weight_decay": case["weightDecay"]},
        {"params": [p for name, p in parameters.items() if name not in decayed], "weight_decay": 0.0},
    ]
    groups = [group for group in groups if group["params"]]
    made = {}
    for name in ("fused", "foreach"):
        made[name] = lambda name=name: torch.optim.AdamW(groups, lr=case["learningRate"], eps=1e-8, **{name: True})
    return made


class Server:
    """Answers one command a line. A variant is a way of writing the loss, eager or compiled ("eager", "compile")."""

    def __init__(self, folder):
        self.folder = folder
        self.case = json.loads((folder / "case.json").read_text())
        torch.set_num_threads(self.case["threads"])
        weights = load_file(folder / "weights.safetensors")
        batch = load_file(folder / "batch.safetensors")
        self.model = build_model(self.case, weights)
        self.parameters = trainable_parameters(self.model)
        expected = set(self.case["trainable"])
        if set(self.parameters) != expected:
            raise SystemExit(f"trainable parameters differ: {sorted(set(self.parameters) ^ expected)}")
        self.losses = {}
        own = {"own": own_loss(self.model, self.case, batch), "bf16": own_loss_bf16(self.model, self.case, batch)}
        for name, loss in {**loss_functions(self.model, self.case, batch), **own}.items():
            self.losses[f"{name} eager"] = loss
            self.losses[f"{name} compile"] = torch.compile(loss, dynamic=False)
        self.optimizers = optimizers(self.parameters, self.case)
        self.optimizer = None

    def ready(self):
        modules = (torch, transformers, peft)
        versions = {module.__name__: module.__version__ for module in modules}
        return {"variants": list(self.losses), "versions": versions}

    def check(self, variant):
        """Loss and gradients at the weights as they are, the gradients in a file."""
        self.zero_grad()
        loss = self.losses[variant]()
        loss.backward()
        gradients = {name: p.grad.contiguous() for name, p in self.parameters.items()}
        file = self.folder / "gradients.safetensors"
        save_file(gradients, file)
        self.zero_grad()
        return {"loss": loss.item(), "file": str(file)}

    def choose_optimizer(self, variant, steps):
        """Keeps whichever of PyTorch's implementations is faster here."""
        fastest = {}
        for name, make in self.optimizers.items():
            self.optimizer = make()
            fastest[name] = min(self.time(variant, {"steps": 2, "millis": 0}, {"steps": steps, "millis": 0})["millis"])
        best = min(fastest, key=fastest.get)
        self.optimizer = self.optimizers[best]()
        return {"optimizer": best}

    def time(self, variant, warmup, timed):
        self.run_for(variant, **warmup)
        before = time.process_time()
        millis = self.run_for(variant, **timed)
        return {"millis": millis, "processorMs": 1000 * (time.process_time() - before)}

    def run_for(self, variant, steps, millis):
        """Milliseconds of each step, until there are so many and so many have passed."""
        loss = self.losses[variant]
        taken, total = [], 0
        while len(taken) < steps or total < millis:
            start = time.perf_counter()
            self.step(loss)
            taken.append(1000 * (time.perf_counter() - start))
            total += taken[-1]
        return taken

    def memory(self, variant, steps):
        """Peak resident memory of some steps, in bytes; what loading took is not part of it where Linux can tell."""
        self.optimizer = self.optimizers["fused"]()
        try:
            Path("/proc/self/clear_refs").write_text("5")
        except OSError:
            pass
        for _ in range(steps):
            self.step(self.losses[variant])
        self.optimizer = None
        return {"peakMemoryBytes": peak_memory()}

    def processor(self):
        return {"processorMs": 1000 * time.process_time()}

    def step(self, compute_loss):
        loss = compute_loss()
        loss.backward()
        self.optimizer.step()
        self.zero_grad()
        return loss.item()

    def zero_grad(self):
        for parameter in self.parameters.values():
            parameter.grad = None


def peak_memory():
    try:
        for line in Path("/proc/self/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return 1024 * int(line.split()[1])
    except OSError:
        pass
    return 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def main():
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)

    def answer(value):
        print(json.dumps(value), file=answers, flush=True)

    server = Server(Path(sys.argv[1]))
    answer(server.ready())
    for line in sys.stdin:
        command = json.loads(line)
        try:
            answer(getattr(server, command.pop("command"))(**command))
        except Exception as error:  # A variant that does not work is a result, not the end.
            answer({"error": f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}"})


if __name__ == "__main__":
    main()
