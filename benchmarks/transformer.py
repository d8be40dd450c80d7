"""Time of GPT and BERT, ours against those of transformers, in turn in one run.

    python -m benchmarks.transformer --tasks step generate --rounds 9

Both networks have the same weights and read the same tokens.

step       a forward and a backward pass in training mode, without the optimizer
generate   a greedy continuation with a cache, from a prompt of 8 tokens
uncached   the same without a cache
bert       the step of BERT with its head of masked tokens

Each round takes one with each network, in an order that alternates; the table shows the
median over the rounds of the ratio of the two times in a round, and the ratio of the
fastest: below 1, ours is faster.  On a machine that others use, --cpu-time --threads 1
counts the time that the processor spends instead of the time that passes.
"""

import argparse
import statistics
import sys
import time

import torch
import torch.nn.functional as F

from ift6135_lib.transformer import BERT, GPT

TASKS = ("step", "generate", "uncached", "bert")
PROMPT = 8  # tokens


def pair(task, *, d, layers, heads, vocabulary, context, attention):
    """Return our network and its counterpart, with the same weights."""
    import tests.torchvision_shim  # isort: skip # noqa: F401
    import transformers

    transformers.logging.set_verbosity_error()
    if task == "bert":
        config = transformers.BertConfig(
            vocab_size=vocabulary,
            hidden_size=d,
            num_hidden_layers=layers,
            num_attention_heads=heads,
            intermediate_size=4 * d,
            max_position_embeddings=context,
            hidden_dropout_prob=0.0,
            attention_probs_dropout_prob=0.0,
            attn_implementation=attention,
        )
        theirs = transformers.BertForMaskedLM(config)
        return BERT.from_huggingface(theirs), theirs
    config = transformers.GPT2Config(
        vocab_size=vocabulary,
        n_embd=d,
        n_layer=layers,
        n_head=heads,
        n_positions=context,
        resid_pdrop=0.0,
        embd_pdrop=0.0,
        attn_pdrop=0.0,
        attn_implementation=attention,
    )
    theirs = transformers.GPT2LMHeadModel(config)
    return GPT.from_huggingface(theirs), theirs


def step(model, tokens, targets):
    """Take one forward and backward pass."""
    model.train()
    model.zero_grad()
    logits = model(tokens)
    logits = getattr(logits, "logits", logits)
    F.cross_entropy(logits.flatten(0, 1), targets.flatten()).backward()


def generate(model, prompt, steps, *, cache):
    """Continue the prompt with the likeliest tokens."""
    model.eval()
    if isinstance(model, GPT):
        model.generate(prompt, steps, greedy=True, cache=cache)
    else:
        model.generate(
            prompt,
            attention_mask=torch.ones_like(prompt),
            max_new_tokens=steps,
            do_sample=False,
            use_cache=cache,
            eos_token_id=None,
            pad_token_id=0,
        )


def measure(task, arguments, clock):
    """Return the times of the rounds, ours and theirs, in seconds."""
    n, steps, device = arguments.length, arguments.new, arguments.device
    models = [
        model.to(device)
        for model in pair(
            task,
            d=arguments.width,
            layers=arguments.layers,
            heads=arguments.heads,
            vocabulary=arguments.vocabulary,
            context=max(n, PROMPT + steps),
            attention=arguments.attention,
        )
    ]
    shape = (arguments.batch, n + 1)
    text = torch.randint(arguments.vocabulary, shape, device=device)
    prompt = text[: arguments.prompts, :PROMPT]

    def once(model):
        synchronize(device)
        start = clock()
        if task in ("generate", "uncached"):
            generate(model, prompt, steps, cache=task == "generate")
        else:
            step(model, text[:, :-1], text[:, 1:])
        synchronize(device)
        return clock() - start

    times = []
    for i in range(arguments.rounds + 1):
        order = (0, 1) if i % 2 else (1, 0)
        taken = {k: once(models[k]) for k in order}
        print(f"{task}: {i}/{arguments.rounds} ", end="\r", file=sys.stderr, flush=True)
        if i:  # the first is not counted
            times.append((taken[0], taken[1]))
    return times


def synchronize(device):
    """Wait until the device has finished."""
    if torch.device(device).type == "cuda":
        torch.cuda.synchronize()


def row(task, times):
    """Return the line of the table for one task: times in ms and ratios."""
    ours, theirs = zip(*times, strict=True)
    ratio = statistics.median(a / b for a, b in times)
    cells = [1e3 * statistics.median(column) for column in (ours, theirs)]
    return (
        f"{task:12}{cells[0]:10.1f}{cells[1]:10.1f}"
        f"{ratio:10.2f}{min(ours) / min(theirs):10.2f}"
    )


HEADER = f"{'':12}{'ours':>10}{'theirs':>10}{'ratio':>10}{'fastest':>10}"
SIZES = {  # default, what it is
    "layers": (4, "blocks"),
    "width": (256, "width"),
    "heads": (4, "heads"),
    "length": (256, "tokens of a text of a step"),
    "batch": (8, "texts of a step"),
    "vocabulary": (256, "tokens"),
    "new": (256, "tokens to generate"),
    "prompts": (1, "texts to continue, at most the batch"),
    "rounds": (9, "rounds"),
}


def main():
    """Read the command line and print the table."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.transformer",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--tasks", nargs="+", choices=TASKS, default=TASKS[:2])
    for name, (default, what) in SIZES.items():
        text = f"{what} (default: {default})"
        parser.add_argument(f"--{name}", type=int, default=default, help=text)
    parser.add_argument("--attention", default="sdpa", choices=("sdpa", "eager"))
    parser.add_argument("--device", default="cpu")
    parser.add_argument(
        "--cpu-time", action="store_true", help="time of the processor, not of the wall"
    )
    parser.add_argument("--threads", type=int, help="threads of PyTorch on the CPU")
    arguments = parser.parse_args()
    for name in SIZES:
        if getattr(arguments, name) < 1:
            parser.error(f"--{name} must be at least 1, got {getattr(arguments, name)}")
    if arguments.width % arguments.heads:
        parser.error(f"--heads must divide --width, {arguments.width}")
    if arguments.threads is not None:
        torch.set_num_threads(arguments.threads)
    torch.set_flush_denormal(True)
    torch.manual_seed(0)

    a = arguments
    print(
        f"torch {torch.__version__}, {a.device}, {torch.get_num_threads()} threads, "
        f"{a.layers} layers of {a.width}, {a.vocabulary} tokens; steps of {a.batch} "
        f"texts of {a.length}; {a.new} tokens generated; {a.rounds} rounds; times in ms"
    )
    print(HEADER)
    clock = time.process_time if a.cpu_time else time.perf_counter
    for task in a.tasks:
        print(row(task, measure(task, a, clock)), flush=True)


if __name__ == "__main__":
    main()
