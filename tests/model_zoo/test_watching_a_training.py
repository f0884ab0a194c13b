"""What a training shows of itself while it goes on: its curves as a page, and TensorBoard's log."""

from __future__ import annotations

from pathlib import Path

import keras
import pytest

from model_zoo.learning import training
from model_zoo.learning.curves import draw_curves, read_curves
from model_zoo.learning.training import train
from tests.model_zoo import tiny


class Look(keras.callbacks.Callback):  # type: ignore[misc]  # keras has no types
    """Notes how many epochs the page shows as each one begins."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.folder = folder
        self.shown: list[int] = []

    def on_epoch_begin(self, epoch: int, logs: object = None) -> None:
        self.shown.append(epochs_shown(self.folder))


def epochs_shown(folder: Path) -> int:
    page = folder / "curves.html"
    return page.read_text().split("<tbody>")[1].count("<tr>") if page.exists() else 0


def test_curves_and_log_are_as_new_as_the_last_epoch_and_drawn_anew_when_it_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pictures, folder, look = tiny.pictures(tmp_path / "data"), tmp_path / "run", Look(tmp_path / "run")
    callbacks = training.callbacks_of
    monkeypatch.setattr(training, "callbacks_of", lambda *given: [*callbacks(*given), look])
    train(tiny.SPEC, tiny.RECIPE, *pictures, folder)
    assert look.shown == [0, 1, 2]
    assert epochs_shown(folder) == 3
    for part in ("train", "validation"):
        assert epochs_logged(folder / "tensorboard" / part) == [0, 1, 2]

    (folder / "curves.html").unlink()
    checkpoint = folder / "checkpoint" / "training_metadata.json"
    checkpoint.write_text(checkpoint.read_text().replace('"epoch": 3', '"epoch": 2'))
    train(tiny.SPEC, tiny.RECIPE, *pictures, folder)
    assert look.shown == [0, 1, 2, 3]
    assert not list(folder.glob("*.new"))


def epochs_logged(folder: Path) -> list[int]:
    """As TensorBoard itself reads them."""
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    log = EventAccumulator(str(folder))
    log.Reload()
    return [event.step for event in log.Tensors("epoch_accuracy")]


def test_before_the_first_epoch_there_is_nothing_to_draw(tmp_path: Path) -> None:
    assert read_curves(tmp_path) == []
    assert draw_curves(tmp_path, "tiny") is None
    assert not list(tmp_path.iterdir())
