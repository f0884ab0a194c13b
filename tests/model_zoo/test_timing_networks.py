"""What `bench` measures, with a clock that the tests wind."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from model_zoo.__main__ import main
from model_zoo.measuring import timing
from model_zoo.measuring.timing import Contender, TimingError
from model_zoo.weights import WeightsFile, load_card
from tests import little_network
from tests.model_zoo import tiny


class Clock:
    """Seconds that pass only while a network works, `per_face` of them for each face."""

    def __init__(self) -> None:
        self.now = 0.0
        self.order: list[str] = []

    def __call__(self) -> float:
        return self.now

    def contender(self, way: str, *per_face: float) -> Contender:
        turns = iter(range(10_000))

        def run(batch: NDArray[np.float32]) -> NDArray[np.float32]:
            self.now += per_face[next(turns) % len(per_face)] * len(batch)
            self.order.append(way)
            return np.zeros((len(batch), 7), np.float32)

        return Contender("tiny", way, 1, run)


@pytest.fixture
def card(tmp_path: Path) -> Path:
    """Of a network that has an ONNX and a Keras file."""
    path = little_network.write(tmp_path, "tiny")
    model = tmp_path / "tiny.keras"
    tiny.SPEC.build().save(model)
    kept = load_card(path)
    path.write_text(replace(kept, files={**kept.files, model.name: WeightsFile.of(model)}).to_json())
    return path


def test_a_timing_is_the_median_of_a_call_with_its_quartiles() -> None:
    clock = Clock()
    (one, eight) = timing.measure([clock.contender("a", 0.001, 0.002, 0.003)], (4, 4, 1), clock, (1, 8), rounds=9)
    assert (one.faces, one.median_ms, one.quartiles_ms) == (1, 2, (1, 3))
    assert (eight.faces, eight.median_ms, eight.quartiles_ms) == (8, 16, (8, 24))
    assert one.rounds == 9


def test_contenders_take_turns_after_a_warm_up() -> None:
    clock, rounds = Clock(), []
    ways = [clock.contender(way, 0.001) for way in "ab"]
    timing.measure(ways, (4, 4, 1), clock, (1,), rounds=3, done=lambda: rounds.append(len(clock.order)))
    warm_up = 2 * timing.WARM_UP
    assert clock.order[:warm_up] == ["a"] * timing.WARM_UP + ["b"] * timing.WARM_UP
    assert clock.order[warm_up:] == ["a", "b"] * 3
    assert rounds == [warm_up + 2, warm_up + 4, warm_up + 6]


def test_no_round_is_refused() -> None:
    with pytest.raises(TimingError, match="at least 1, got 0"):
        timing.measure([], (4, 4, 1), Clock(), rounds=0)


def test_the_files_of_a_card_compete_with_keras_on_its_own_threads(card: Path) -> None:
    ways = list(timing.contenders(load_card(card)))
    assert [(each.way, each.threads) for each in ways] == [("ONNX fp32", 1), ("ONNX fp32", 2), ("Keras predict", None)]
    for each in ways:
        assert each.run(np.zeros((3, 44, 44, 1), np.float32)).shape == (3, 7)


def test_bench_as_json_is_one_line_with_the_machine(card: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", str(card), "--rounds", "2", "--json"]) == 0
    (line,) = capsys.readouterr().out.splitlines()
    printed = json.loads(line)
    assert printed["machine"]["cores"] >= 1
    assert [(each["way"], each["threads"], each["faces"]) for each in printed["timings"]] == [
        (way, threads, faces)
        for faces in (1, 8, 30)
        for way, threads in (("ONNX fp32", 1), ("ONNX fp32", 2), ("Keras predict", None))
    ]
    for each in printed["timings"]:
        low, high = each["quartiles_ms"]
        assert 0 < low <= each["median_ms"] <= high


def test_bench_as_a_table_has_a_line_for_each_way(card: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", str(card), "--rounds", "1"]) == 0
    title, heads, *lines = capsys.readouterr().out.splitlines()
    assert title.startswith("milliseconds: median (quartiles) of 1 calls on ")
    assert heads.split() == ["network", "way", "threads", "1", "face", "8", "faces", "30", "faces"]
    assert [line[: heads.index("1 face")].split() for line in lines] == [
        ["tiny", "ONNX", "fp32", "1"],
        ["tiny", "ONNX", "fp32", "2"],
        ["tiny", "Keras", "predict", "its", "own"],
    ]


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [(["vgg99"], "no weights card 'vgg99'"), (["--rounds", "0"], "rounds is at least 1, got 0")],
)
def test_what_cannot_be_timed_is_said(
    arguments: list[str], reason: str, card: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    names = [] if "vgg99" in arguments else [str(card)]
    assert main(["bench", *names, *arguments]) == 2
    assert reason in capsys.readouterr().err


def test_without_a_network_bench_says_what_writes_one(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("model_zoo.commands.timing.shipped", tuple)
    assert main(["bench"]) == 2
    assert "no network is shipped; `python -m model_zoo export` writes one" in capsys.readouterr().err
