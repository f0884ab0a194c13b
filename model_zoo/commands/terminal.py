"""What every command says, and how it loads Keras without a greeting."""

from __future__ import annotations

import os
import sys

from model_zoo.malloc import keep_for_the_next_step


def say(line: str) -> None:
    # A terminal or file that cannot hold an emoji gets a question mark, not a traceback.
    encoding = sys.stdout.encoding or "utf-8"
    sys.stdout.write(line.encode(encoding, "replace").decode(encoding) + "\n")


def load_keras(to_train: bool = False) -> None:
    """TensorFlow greets on file descriptor 2 before it reads its own switch for that, so the descriptor
    is closed to it while it loads. An import that fails still raises. `to_train`: the process is for a training."""
    if to_train:
        keep_for_the_next_step()
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    sys.stderr.flush()
    kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        import keras  # noqa: F401
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)
