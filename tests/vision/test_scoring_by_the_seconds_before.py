"""A recurrent network on a live face: what it is given, and what it is refused for."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from model_zoo.emotions import EMOTIONS, EmotionScores
from model_zoo.weights import load_card, shipped
from monitor.errors import ClassifierError
from monitor.live.classroom import Classroom
from monitor.live.naming import Naming
from monitor.live.pipeline import Pipeline
from monitor.live.recorder import Recorder
from monitor.store.store import Store
from monitor.vision.classification import Classifier
from monitor.vision.sequences import Rows, SequenceNetwork, Window, open_sequence_network
from tests.faces import frame
from tests.lesson import second
from tests.live.chalk import ChalkDetector, chalk_picture

pytestmark = pytest.mark.skipif("lstm" not in shipped(), reason="no recurrent network is shipped")
SCORED_BY = "lstm" in shipped() and load_card("lstm").scored_by


@pytest.fixture(scope="module")
def lstm() -> SequenceNetwork:
    opened = open_sequence_network("lstm", str(SCORED_BY))
    assert opened is not None
    return opened


def sure_of(emotion: int, share: float = 0.94) -> EmotionScores:
    rest = (1 - share) / (len(EMOTIONS) - 1)
    return EmotionScores.of([share if place == emotion else rest for place in range(len(EMOTIONS))])


def firsts(rows: Rows) -> list[float]:
    return [round(float(row[0]), 2) for row in rows]


def test_a_window_holds_the_last_scores_and_repeats_the_first_before_them() -> None:
    window = Window(4, frames_per_second=5)
    shares = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6)
    rows = [window.after(1, sure_of(0, share), second(0.2 * step)) for step, share in enumerate(shares)]
    assert firsts(rows[0]) == [0.1, 0.1, 0.1, 0.1]
    assert firsts(rows[2]) == [0.1, 0.1, 0.2, 0.3]
    assert firsts(rows[5]) == [0.3, 0.4, 0.5, 0.6]


def test_a_row_stands_for_the_same_time_whatever_the_stream_brings() -> None:
    """Three times the frames, and one frame lost."""
    fast, torn = Window(3, frames_per_second=5), Window(3, frames_per_second=5)
    for step in range(13):
        rows = fast.after(1, sure_of(0, 0.2 + 0.05 * step), second(step / 15))
    assert firsts(rows) == [0.5, 0.65, 0.8]
    for step in (0, 1, 3):
        rows = torn.after(1, sure_of(0, 0.2 + 0.1 * step), second(0.2 * step))
    assert firsts(rows)[-1] == 0.5
    assert len(rows) == 3


def test_another_face_and_a_clock_set_back_begin_afresh() -> None:
    window = Window(3, frames_per_second=5)
    window.after(1, sure_of(0, 0.9), second(0))
    assert firsts(window.after(2, sure_of(0, 0.3), second(0.2))) == [0.3, 0.3, 0.3]
    assert firsts(window.after(2, sure_of(0, 0.5), second(-5))) == [0.5, 0.5, 0.5]


def test_windows_are_scored_together_as_one_by_one(lstm: SequenceNetwork) -> None:
    windows = [np.tile(sure_of(place).probabilities, (lstm.card.window, 1)).astype(np.float32) for place in range(3)]
    together = lstm.score(windows)
    for rows, scores in zip(windows, together, strict=True):
        assert scores.probabilities == pytest.approx(lstm.score([rows])[0].probabilities, abs=1e-5)
    assert lstm.score([]) == []


def test_the_newest_moment_is_scored_with_those_before(lstm: SequenceNetwork) -> None:
    """One frame against fifteen: the network does not follow it as a classifier would."""
    happy = np.tile(sure_of(3).probabilities, (lstm.card.window, 1)).astype(np.float32)
    doubtful = happy.copy()
    doubtful[-1] = sure_of(6, 0.4).probabilities
    other = np.tile(sure_of(6, 0.4).probabilities, (lstm.card.window, 1)).astype(np.float32)
    after_happy, after_itself = lstm.score([doubtful, other])
    assert after_happy.probabilities[3] > after_itself.probabilities[3] + 0.05


class Counting:
    """The network of sequences, which says how many windows came in each call."""

    def __init__(self, network: SequenceNetwork) -> None:
        self.card, self.name, self.window = network.card, network.name, network.window
        self._network = network
        self.calls: list[int] = []

    def score(self, windows: Sequence[Rows]) -> list[EmotionScores]:
        self.calls.append(len(windows))
        return self._network.score(windows)


def test_the_faces_of_all_students_are_scored_in_one_call(classifier: Classifier, lstm: SequenceNetwork) -> None:
    counting = Counting(lstm)
    pipeline = Pipeline(ChalkDetector(), classifier, 0.3, counting)  # type: ignore[arg-type]
    for moment in range(3):
        readings = pipeline.read(
            [
                frame(chalk_picture(90 + moment), at=0.2 * moment, stream="ada"),
                frame(chalk_picture(100 + moment, face=False), at=0.2 * moment, stream="bo"),
                frame(chalk_picture(120 + moment), at=0.2 * moment, stream="cy"),
            ]
        )
        assert [reading.scores is None for reading in readings] == [False, True, False]
    assert counting.calls == [2, 2, 2]


def test_it_takes_the_place_of_smoothing(classifier: Classifier, lstm: SequenceNetwork) -> None:
    """The first frame of a face is not smoothed, but scored by the network of sequences."""
    picture = frame(chalk_picture(), at=0)
    plain, recurrent = (Pipeline(ChalkDetector(), classifier, 9, each).read([picture])[0] for each in (None, lstm))
    assert plain.scores is not None
    assert recurrent.scores is not None
    window = lstm.window().after(1, plain.scores, picture.at)
    assert recurrent.scores.probabilities == pytest.approx(lstm.score([window])[0].probabilities)
    assert recurrent.scores.probabilities != pytest.approx(plain.scores.probabilities, abs=1e-3)


def test_a_lesson_can_say_that_it_scored(classifier: Classifier, lstm: SequenceNetwork, store: Store) -> None:
    for sequences, name in ((None, classifier.name), (lstm, f"{classifier.name} + lstm")):
        room = Classroom(Pipeline(ChalkDetector(), classifier, 0.3, sequences), Recorder(store, 10), Naming(store))
        assert room.network_name == name


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("bilstm", r"looks 8 frames ahead of the one that it scores.*looks back only, such as lstm"),
        ("classroom", r"scores single faces.*takes sequences and looks back only, such as lstm"),
        ("gru", r"no weights card 'gru'; shipped are"),
    ],
)
def test_another_network_is_refused_in_words(name: str, why: str) -> None:
    with pytest.raises(ClassifierError, match=why):
        open_sequence_network(name, str(SCORED_BY))


def test_it_is_refused_beside_a_network_that_it_did_not_learn_from() -> None:
    with pytest.raises(ClassifierError, match=r'learned from what the network \w+ says.*set network = "\w+"'):
        open_sequence_network("lstm", "little")


def test_no_name_smooths() -> None:
    assert open_sequence_network("", "classroom") is None


def test_a_file_that_its_card_does_not_know_is_refused(tmp_path: Path) -> None:
    card = load_card("lstm")
    (tmp_path / "lstm.json").write_text(card.to_json())
    (tmp_path / "lstm.onnx").write_bytes((card.folder / "lstm.onnx").read_bytes() + b"x")
    with pytest.raises(ClassifierError, match=r"lstm cannot be used: lstm\.onnx was changed"):
        open_sequence_network(str(tmp_path / "lstm.json"), str(SCORED_BY))
