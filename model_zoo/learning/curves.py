"""The curves of a training: `curves.csv`, a row an epoch, and `curves.html`, the same for the eye."""

from __future__ import annotations

import csv
from pathlib import Path

import keras

from model_zoo.measuring import figures
from model_zoo.measuring.pages import Section, Table, page

FILE, PAGE = "curves.csv", "curves.html"


def read_curves(folder: Path) -> list[dict[str, float]]:
    """The rows of `curves.csv`, epochs counted from 0; empty before the first."""
    file = folder / FILE
    if not file.exists():
        return []
    with file.open(newline="") as rows:
        return [{name: float(value) for name, value in row.items()} for row in csv.DictReader(rows)]


def draw_curves(folder: Path, name: str) -> Path | None:
    """Writes `curves.html` beside `curves.csv`; None, and no file, before the first epoch has ended."""
    epochs = read_curves(folder)
    if not epochs:
        return None
    rows = [["epoch", "accuracy", "loss", "accuracy on PublicTest", "loss on PublicTest"]]
    for row in epochs:
        rates = [f"{row[prefix + 'accuracy']:.2%}" for prefix in ("", "val_")]
        losses = [f"{row[prefix + 'loss']:.4f}" for prefix in ("", "val_")]
        rows.append([f"{row['epoch'] + 1:.0f}", rates[0], losses[0], rates[1], losses[1]])
    section = Section(
        "Loss and accuracy",
        "The training's own figures are of what its recipe changes at random and of smoothed labels, so its loss lies "
        "higher. PublicTest is scored as it is, with the averaged weights.",
        figures.training_curves(epochs),
        Table("After each epoch", rows),
    )
    written = folder / f"{PAGE}.new"
    written.write_text(page(f"The training of {name}", f"{len(epochs)} epochs.", [section]), encoding="utf-8")
    return written.replace(folder / PAGE)  # at once, so that whoever looks never sees half a page


class Draw(keras.callbacks.Callback):  # type: ignore[misc]  # keras has no types
    """Keeps `curves.html` as new as `curves.csv`: when a training begins or goes on, and after each epoch."""

    def __init__(self, folder: Path, name: str) -> None:
        super().__init__()
        self.folder, self.name = folder, name

    def on_train_begin(self, logs: object = None) -> None:
        draw_curves(self.folder, self.name)

    def on_epoch_end(self, epoch: int, logs: object = None) -> None:
        draw_curves(self.folder, self.name)
