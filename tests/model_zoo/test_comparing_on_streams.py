from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from model_zoo.emotions import EmotionScores
from model_zoo.measuring import results
from model_zoo.scoring import Network
from model_zoo.sequences import sequence_comparison, streams
from model_zoo.sequences.sequence_comparison import (
    Comparison,
    ComparisonError,
    WayScore,
    compare,
    load_kept,
    smoothed,
    with_table,
)
from model_zoo.sequences.simulation import Manner, SimulationError
from model_zoo.sequences.streams import ScoredStreams
from model_zoo.weights import load_card, shipped
from monitor.vision.smoothing import Smoother
from tests.model_zoo import tiny

EVEN = np.full(7, 1 / 7)


def made(split: str, students: int = 6, frames: int = 40, seed: int = 0) -> ScoredStreams:
    """Noisy scores of labels that last ten frames."""
    random = np.random.default_rng([seed, *split.encode()])
    labels = np.repeat(random.integers(0, 7, (students, frames // 10)), 10, axis=1)
    scores = np.eye(7)[labels] + random.gamma(1.0, 0.6, (students, frames, 7))
    seen = random.random((students, frames)) > 0.1
    scores = np.stack([streams.held(each, here) for each, here in zip(scores, seen, strict=True)])
    return ScoredStreams(split, scores / scores.sum(axis=2, keepdims=True), seen, labels)


def right_for_all(comparison_of: ScoredStreams) -> Network:
    """A network that looks its frames up."""
    known = {row.tobytes(): label for row, label in zip(*_frames(comparison_of), strict=True)}

    def network(windows: NDArray[np.float32]) -> NDArray[np.float32]:
        return np.eye(7, dtype=np.float32)[[[known[row.tobytes()] for row in window] for window in windows]]

    return network


def _frames(of: ScoredStreams) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    return of.scores.reshape(-1, 7), of.labels.ravel()


def found() -> Comparison:
    public_test = made("PublicTest")
    guessing: Network = lambda windows: np.tile(EVEN.astype(np.float32), (*windows.shape[:2], 1))  # noqa: E731
    networks = {"lstm": right_for_all(public_test), "bilstm": guessing}
    return compare(networks, made("Training"), public_test, EVEN, files={"lstm": "1", "bilstm": "2"})


def test_a_frame_without_a_face_repeats_the_last_and_before_the_first_all_are_alike() -> None:
    rows = np.arange(35, dtype=np.float64).reshape(5, 7)
    held = streams.held(rows, np.array([False, True, False, False, True]))
    np.testing.assert_allclose(held[0], 1 / 7)
    np.testing.assert_allclose(held[1:], rows[[1, 1, 1, 4]])


def test_scored_streams_keep_no_face_and_are_computed_once(tmp_path: Path) -> None:
    pictures = tiny.pictures(tmp_path / "data")[0]
    asked = []

    def score(faces: NDArray[np.uint8]) -> NDArray[np.float64]:
        asked.append(len(faces))
        return np.full((len(faces), 7), 1 / 7)

    first, again = (streams.kept_streams(tmp_path / "kept", "file", score, pictures, 2, 20) for _ in range(2))
    assert asked == [20, 20]
    assert first.scores.shape == (2, 20, 7)
    np.testing.assert_array_equal(first.labels, again.labels)
    np.testing.assert_array_equal(first.seen, again.seen)
    other = streams.kept_streams(tmp_path / "kept", "another file", score, pictures, 2, 20)
    assert asked == [20] * 4
    np.testing.assert_array_equal(first.labels, other.labels)


def test_a_window_ends_with_its_frame_or_so_many_later() -> None:
    stream = np.arange(20, dtype=np.float32)[:, np.newaxis].repeat(7, axis=1)
    behind = streams.window_of_each_frame(stream, 16, ahead=0)
    assert behind.shape == (20, 16, 7)
    np.testing.assert_array_equal(behind[:, -1], stream)
    assert not behind[0].any()
    around = streams.window_of_each_frame(stream, 16, ahead=8)
    np.testing.assert_array_equal(around[:, 7], stream)
    np.testing.assert_array_equal(around[19, 7:], 19)


def test_windows_to_learn_from_bear_the_labels_of_their_frames() -> None:
    of = made("Training", students=2, frames=40)
    inputs, labels = streams.windows(of, 16, stride=8)
    assert inputs.shape == (8, 16, 7)
    np.testing.assert_array_equal(inputs[3], of.scores[1, 8:24])
    np.testing.assert_array_equal(labels[3], of.labels[1, 8:24])
    with pytest.raises(SimulationError, match="a window is 41 frames, the streams have 40"):
        streams.windows(of, 41, 1)


def test_hard_pictures_are_drawn_until_as_many_are_right_as_asked() -> None:
    scores = np.eye(7)[[0] * 8 + [1] * 2]
    weights = streams.hardness(scores, ("angry",) * 10, accuracy=0.5)
    assert weights[:8].tolist() == [1] * 8
    assert weights[:8].sum() / weights.sum() == pytest.approx(0.5)
    assert streams.hardness(scores, ("angry",) * 10, accuracy=0.9).tolist() == [1] * 10
    with pytest.raises(SimulationError, match=r"accuracy lies between 0 and 1, got 1\.2"):
        streams.hardness(scores, ("angry",) * 10, accuracy=1.2)


@pytest.mark.parametrize("time_constant", [0.0, 0.3, 2.0])
def test_smoothing_is_that_of_the_dashboard(time_constant: float) -> None:
    of = made("PublicTest", students=1)
    smoother, begun = Smoother(time_constant), datetime(2026, 11, 22, tzinfo=UTC)
    ours = smoothed(of, time_constant)[0]
    for frame in np.flatnonzero(of.seen[0]):
        at = begun + timedelta(seconds=frame / Manner().frames_per_second)
        theirs = smoother.steady(EmotionScores.of(of.scores[0, frame].tolist()), at)
        np.testing.assert_allclose(ours[frame], theirs.probabilities, atol=1e-6)
    missed = np.flatnonzero(~of.seen[0, 1:]) + 1
    np.testing.assert_array_equal(ours[missed], ours[missed - 1])


def test_all_ways_are_scored_on_the_same_students_with_intervals() -> None:
    comparison = found()
    ways = {each.way: each for each in comparison.ways}
    assert list(ways) == ["frame by frame", "smoothing", "smoothing, shares known", "lstm", "bilstm"]
    assert ways["frame by frame"].accuracy < ways["smoothing"].accuracy < 1
    assert all(low <= each.accuracy <= high for each in ways.values() for low, high in [each.interval95])
    assert ways["lstm"].accuracy > 0.95
    assert (ways["lstm"].waits, ways["bilstm"].waits) == (0, 1.6)
    (gain,) = (each for each in comparison.differences if (each.way, each.other) == ("lstm", "smoothing"))
    assert gain.difference == pytest.approx(ways["lstm"].accuracy - ways["smoothing"].accuracy)
    assert gain.interval95[0] <= gain.difference <= gain.interval95[1]


def test_the_time_constant_is_chosen_without_the_streams_it_is_judged_on() -> None:
    one = sequence_comparison.compare
    training, networks = made("Training"), {name: right_for_all(made("PublicTest")) for name in ("lstm", "bilstm")}
    constants = [
        one({name: right_for_all(judged) for name in networks}, training, judged, EVEN, {}).time_constants
        for judged in (made("PublicTest"), made("PublicTest", seed=5))
    ]
    assert constants[0] == constants[1]


def test_a_comparison_is_kept_and_says_that_it_is_simulated(tmp_path: Path) -> None:
    comparison = found()
    assert load_kept(tmp_path) is None
    (tmp_path / sequence_comparison.FILE).write_text(comparison.to_json())
    assert load_kept(tmp_path) == comparison
    assert comparison.simulated
    shown = sequence_comparison.table(comparison)
    assert shown.startswith("**Simulated**: 6 students of 8 s, 40 frames each")
    assert "| lstm | smoothing | +" in shown
    (tmp_path / sequence_comparison.FILE).write_text("{}")
    with pytest.raises(ComparisonError, match=r"sequences\.json: this is no comparison"):
        load_kept(tmp_path)


def test_the_readme_shows_the_kept_comparison() -> None:
    readme = results.README.read_text(encoding="utf-8")
    assert readme == with_table(readme, load_kept(results.RESULTS)), "run `python -m model_zoo table`"


def test_the_kept_comparison_is_of_the_shipped_files() -> None:
    kept = load_kept(results.RESULTS)
    assert kept is not None, "lstm is shipped: `python -m model_zoo sequences --save` measures it"
    known = {file.sha256 for name in shipped() for file in load_card(name).files.values()}
    assert set(kept.files.values()) <= known, "measured on another file: `python -m model_zoo sequences --save` again"


def test_streams_of_unlike_shapes_are_refused() -> None:
    of = made("Training")
    with pytest.raises(SimulationError, match=r"got \(6, 40, 7\), \(6, 39\) and \(6, 40\)"):
        ScoredStreams("Training", of.scores, of.seen[:, 1:], of.labels)


def test_a_way_is_scored_by_label_too() -> None:
    of = made("PublicTest")
    always = np.zeros_like(of.scores)
    always[..., 3] = 1
    score = sequence_comparison.score_way("always happy", always, of)
    assert isinstance(score, WayScore)
    assert score.balanced_accuracy == pytest.approx(1 / len(np.unique(of.labels)))
    assert score.accuracy == pytest.approx((of.labels == 3).mean())
