"""A tiny random model, made on the spot and served for real; its words mean nothing.

The weights come from a fixed seed: the same file on every machine, about 1 MB. It is written as
GGUF and served by llama.cpp on 127.0.0.1, so that the gateway is tried against a model server that
nobody here wrote.

    with serving() as url:               # in this process, on a free port
        OpenAI(base_url=url, api_key="unused").chat.completions.create(model=NAME, messages=[...])

    python -m demo.model --port 8081     # as a process of its own; prints the URL, Ctrl-C stops it
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import gguf
import numpy as np

NAME = "sample"
LABEL = "tiny random model, made on the spot; its words mean nothing"

_TEMPLATE = (
    "{% for message in messages %}<|im_start|>{{ message['role'] }}\n"
    "{{ message['content'] }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
_CONTROL = ("<unk>", "<s>", "</s>", "<|im_start|>", "<|im_end|>")
_WIDTH, _HEADS, _LAYERS, _INNER, _CONTEXT = 64, 4, 2, 128, 2048
_SLOTS = 8


def words() -> list[str]:
    """The 1,000 two- and three-syllable words that the model can say, in a fixed order."""
    syllables = [c + v for c in "bdfgklmnprstv" for v in "aeiou"]
    random = np.random.default_rng(7)
    made: dict[str, None] = {}
    while len(made) < 1000:
        count = int(random.integers(2, 4))
        made["".join(random.choice(syllables, count))] = None
    return list(made)


def make(path: Path) -> Path:
    """Write the model to `path` as GGUF (specified in ggml's `docs/gguf.md`); returns the path."""
    letters = ["▁", *"abcdefghijklmnopqrstuvwxyz"]
    tokens = [*_CONTROL, *(f"<0x{byte:02X}>" for byte in range(256)), *letters]
    first_word = len(tokens)
    tokens += [f"▁{word}" for word in words()]
    types = [gguf.TokenType.UNKNOWN, *[gguf.TokenType.CONTROL] * (len(_CONTROL) - 1)]
    types += [gguf.TokenType.BYTE] * 256
    types += [gguf.TokenType.NORMAL] * (len(tokens) - len(types))

    writer = gguf.GGUFWriter(str(path), "llama")
    writer.add_name(LABEL)
    writer.add_context_length(_CONTEXT)
    writer.add_embedding_length(_WIDTH)
    writer.add_block_count(_LAYERS)
    writer.add_feed_forward_length(_INNER)
    writer.add_head_count(_HEADS)
    writer.add_head_count_kv(_HEADS)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_rope_dimension_count(_WIDTH // _HEADS)
    writer.add_vocab_size(len(tokens))
    writer.add_tokenizer_model("llama")
    writer.add_token_list(tokens)
    writer.add_token_scores([-float(i) for i in range(len(tokens))])
    writer.add_token_types([int(kind) for kind in types])
    writer.add_unk_token_id(0)
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(_CONTROL.index("<|im_end|>"))
    # Grammars reject the generation prompt of an <|im_start|> template if a space is put before it.
    writer.add_add_space_prefix(False)
    writer.add_add_bos_token(False)
    writer.add_chat_template(_TEMPLATE)

    random = np.random.default_rng(11)

    def noise(*shape: int, scale: float = 0.2) -> np.ndarray:
        return (random.standard_normal(shape) * scale).astype(np.float32)

    # Dimension 0 of the residual stream is constant: nothing below writes to it, so `output[:, 0]`
    # is a bias.
    embedding = noise(len(tokens), _WIDTH, scale=1.0)
    embedding[:, 0] = 8.0
    bias = np.full(len(tokens), -5.0, dtype=np.float32)
    bias[first_word:] = 0.0
    bias[_CONTROL.index("<|im_end|>")] = 1.1  # an answer ends after some dozens of words
    output = noise(len(tokens), _WIDTH)
    output[:, 0] = bias
    writer.add_tensor("token_embd.weight", embedding)
    writer.add_tensor("output.weight", output)
    writer.add_tensor("output_norm.weight", np.ones(_WIDTH, dtype=np.float32))
    for layer in range(_LAYERS):
        block = f"blk.{layer}"
        for norm in ("attn_norm", "ffn_norm"):
            writer.add_tensor(f"{block}.{norm}.weight", np.ones(_WIDTH, dtype=np.float32))
        for part in ("attn_q", "attn_k", "attn_v"):
            writer.add_tensor(f"{block}.{part}.weight", noise(_WIDTH, _WIDTH))
        for part in ("ffn_gate", "ffn_up"):
            writer.add_tensor(f"{block}.{part}.weight", noise(_INNER, _WIDTH))
        for part, width in (("attn_output", _WIDTH), ("ffn_down", _INNER)):
            into_residual = noise(_WIDTH, width)
            into_residual[0] = 0.0
            writer.add_tensor(f"{block}.{part}.weight", into_residual)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


@contextmanager
def serving(port: int = 0, path: Path | None = None) -> Iterator[str]:
    """Make the model and serve it on 127.0.0.1 (`port` 0: any free one); yields its `/v1` URL."""
    import xllamacpp

    with tempfile.TemporaryDirectory(prefix="avenant-model-") as folder:
        parameters = xllamacpp.CommonParams()
        parameters.model.path = str(make(path or Path(folder) / "tiny-random.gguf"))
        parameters.model_alias = {NAME}
        parameters.hostnames = ["127.0.0.1"]
        parameters.port = port
        parameters.n_parallel = _SLOTS
        parameters.n_ctx = _CONTEXT * _SLOTS
        parameters.n_predict = 400
        parameters.cpuparams.n_threads = 1
        parameters.cpuparams_batch.n_threads = 1
        # A connection that is kept alive holds a thread of the server for some seconds.
        parameters.n_threads_http = 64
        parameters.warmup = False
        parameters.verbosity = -1  # errors only
        server = xllamacpp.Server(parameters)
        # A server that is let go before its loop runs is never told to stop: wait until it answers.
        _answers(server.listening_address)
        try:
            yield f"{server.listening_address}/v1"
        finally:
            del server


def _answers(address: str) -> None:
    """Wait until the server answers; raises TimeoutError after a minute."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(f"{address}/health", timeout=5):
                return
        except OSError:  # not yet listening, or 503 while the model is loaded
            time.sleep(0.01)
    raise TimeoutError(f"the model server at {address} does not answer")


def main(arguments: list[str] | None = None) -> int:
    """Serve until interrupted; the first line on standard output is the URL."""
    parser = argparse.ArgumentParser(prog="python -m demo.model", description=LABEL)
    parser.add_argument("--port", type=int, default=0, help="0: any free one")
    port = parser.parse_args(arguments).port
    # Whichever thread gets the signal (libraries have threads of their own), a byte comes through the pipe. Set here,
    # it also counts where the process was started with SIGINT ignored (`nohup`, a script's `&`).
    stopped, wakes = os.pipe()
    os.set_blocking(wakes, False)
    signal.set_wakeup_fd(wakes)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: None)
    with serving(port) as url:
        print(url, flush=True)
        print(LABEL, file=sys.stderr, flush=True)
        os.read(stopped, 1)
    return 0


if __name__ == "__main__":
    sys.exit(main())
