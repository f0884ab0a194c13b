from __future__ import annotations

import numpy as np
import pytest

from monitor.domain import Frame, Picture, Reading, View
from monitor.live.pipeline import Pipeline
from monitor.vision.classification import Classifier
from monitor.vision.detection import Detector, Haar, YuNet, quarter_turned
from tests.conftest import shared_path
from tests.faces import frame, noisy, picture
from tests.lesson import second
from tests.live.chalk import ChalkDetector, chalk_picture

NEAR, AWAY = picture((40, 0, 240)), picture((100, 60, 120))


@pytest.fixture(scope="module", params=["YuNet", "Haar cascade"])
def detector(request: pytest.FixtureRequest) -> Detector:
    return YuNet(shared_path("YUNET")) if request.param == "YuNet" else Haar()


@pytest.fixture
def pipeline(detector: Detector, classifier: Classifier) -> Pipeline:
    return Pipeline(detector, classifier, smoothing=0.3)


def scores(reading: Reading) -> tuple[float, ...]:
    assert reading.scores is not None
    return reading.scores.probabilities


@pytest.mark.parametrize("side", [240, 200, 160, 120])
def test_a_face_is_read_at_any_distance(pipeline: Pipeline, side: int) -> None:
    (reading,) = pipeline.read([frame(picture((60, 0, side)), at=3)])
    assert (reading.stream, reading.at, reading.faces) == ("ada", frame(NEAR, at=3).at, 1)
    assert reading.picture is Picture.FINE
    assert sum(scores(reading)) == pytest.approx(1)


def test_the_same_face_scores_alike_at_any_distance(pipeline: Pipeline) -> None:
    near, away = (pipeline.read([frame(image, stream=str(id(image)))])[0] for image in (NEAR, AWAY))
    assert scores(near) == pytest.approx(scores(away), abs=0.15)


def test_several_faces_are_counted_and_the_first_stays(pipeline: Pipeline) -> None:
    alone = pipeline.read([frame(picture((0, 60, 150)))])[0]
    joined = pipeline.read([frame(picture((0, 60, 150), (155, 60, 160)), at=0.2)])[0]
    assert (alone.faces, joined.faces) == (1, 2)
    assert scores(joined) == pytest.approx(scores(alone), abs=0.1)


def test_no_face_is_a_reading_without_scores(pipeline: Pipeline) -> None:
    (reading,) = pipeline.read([frame(picture())])
    assert (reading.scores, reading.faces, reading.picture) == (None, 0, Picture.FINE)


def test_a_black_picture_is_told_from_an_empty_room(pipeline: Pipeline) -> None:
    (reading,) = pipeline.read([frame(np.zeros_like(NEAR))])
    assert (reading.scores, reading.faces, reading.picture) == (None, 0, Picture.BLACK)


def test_a_frozen_picture_is_no_longer_scored_until_it_moves(pipeline: Pipeline) -> None:
    readings = [pipeline.read([frame(NEAR, at)])[0] for at in (0, 5, 11)]
    assert [one.picture for one in readings] == [Picture.FINE, Picture.FINE, Picture.FROZEN]
    assert [one.faces for one in readings] == [1, 1, 0]
    assert pipeline.read([frame(noisy(NEAR, 1), 12)])[0].faces == 1


@pytest.mark.parametrize("turns", [1, 2, 3])
@pytest.mark.parametrize("image", [NEAR, AWAY], ids=["near", "away"])
def test_a_phone_held_sideways_scores_as_one_held_upright(pipeline: Pipeline, image: np.ndarray, turns: int) -> None:
    (upright,) = pipeline.read([frame(image, stream="upright")])
    sideways = [
        pipeline.read([frame(noisy(quarter_turned(image, turns), seed), at=seed / 5, stream="sideways")])[0]
        for seed in range(5)
    ]
    assert [one.faces for one in sideways] == [1] * 5
    assert scores(sideways[0]) == pytest.approx(scores(upright), abs=0.1)
    assert scores(sideways[4]) == pytest.approx(scores(upright), abs=0.1)


def test_a_phone_turned_in_mid_lesson_is_followed_within_seconds(pipeline: Pipeline) -> None:
    (upright,) = pipeline.read([frame(NEAR, 0)])
    turned = [pipeline.read([frame(noisy(quarter_turned(NEAR, 3), at), at)])[0] for at in range(1, 14, 3)]
    back = [pipeline.read([frame(noisy(NEAR, at), at)])[0] for at in range(20, 33, 3)]
    for readings in (turned, back):
        assert scores(readings[-1]) == pytest.approx(scores(upright), abs=0.1)


def test_streams_read_together_score_as_each_alone(detector: Detector, classifier: Classifier) -> None:
    frames = [
        frame(picture((60, 0, 240)), stream="ada"),
        frame(picture(), stream="ben"),
        frame(picture((0, 60, 150), (160, 60, 150)), stream="cem"),
        frame(np.zeros_like(NEAR), stream="dana"),
        frame(picture((30, 20, 200)) // 2, stream="emil"),
    ]
    together = Pipeline(detector, classifier, 0.3).read(frames)
    alone = [Pipeline(detector, classifier, 0.3).read([one])[0] for one in frames]
    assert [one.stream for one in together] == ["ada", "ben", "cem", "dana", "emil"]
    assert [(one.faces, one.picture) for one in together] == [(one.faces, one.picture) for one in alone]
    for one, other in zip(together, alone, strict=True):
        assert (one.scores is None) == (other.scores is None)
        if one.scores is not None:
            assert scores(one) == pytest.approx(scores(other), abs=1e-4)


def test_a_forgotten_stream_begins_anew(pipeline: Pipeline) -> None:
    pipeline.read([frame(NEAR, 0)])
    pipeline.forget("ada")
    pipeline.forget("nobody")
    assert pipeline.read([frame(NEAR, 60)])[0].picture is Picture.FINE


def test_looking_sideways_costs_little(classifier: Classifier) -> None:
    """Without a face once a second, with one every ten."""
    detector = ChalkDetector()
    pipeline = Pipeline(detector, classifier, 0.3)
    for number in range(50):
        pipeline.read([frame(chalk_picture(100 + number % 2, face=False), number / 10)])
    assert detector.looks == 50 + 5 * 3
    detector.looks = 0
    for number in range(50, 250):
        pipeline.read([frame(chalk_picture(100 + number % 2), number / 10)])
    assert detector.looks == 200 + 2 * 3


def room_frame(at: float, *heads: tuple[int, int, int]) -> Frame:
    return Frame("room", noisy(picture(*heads, width=960, height=540), round(10 * at)), second(at), View.ROOM)


def test_each_face_of_a_room_is_a_reading_of_its_own(pipeline: Pipeline) -> None:
    places = [(60, 40, 170), (400, 60, 150), (700, 300, 180)]
    for at in range(3):
        readings = pipeline.read([room_frame(at / 5, *places), frame(NEAR, at / 5)])
    assert [one.stream for one in readings] == ["room"] * 3 + ["ada"]
    room = readings[:3]
    assert sorted(one.track or 0 for one in room) == [1, 2, 3]
    assert {one.faces for one in room} == {3}
    for one in room:
        assert one.box is not None
        assert any(x < one.box.centre[0] < x + side and y < one.box.centre[1] < y + side for x, y, side in places)
        assert sum(scores(one)) == pytest.approx(1)


def test_an_empty_room_is_one_reading_without_scores(pipeline: Pipeline) -> None:
    (reading,) = pipeline.read([room_frame(0)])
    assert (reading.scores, reading.track, reading.box, reading.faces) == (None, None, None, 0)


def test_each_track_is_smoothed_for_itself(classifier: Classifier) -> None:
    """What was read of one face leaves no trace in another's scores."""
    whole, half = (Pipeline(YuNet(shared_path("YUNET")), classifier, 10.0) for _ in range(2))
    both, one = [(60, 40, 200), (600, 200, 260)], [(600, 200, 260)]
    for at in range(3):
        together = whole.read([room_frame(at / 5, *both)])
        alone = half.read([room_frame(at / 5, *one)])
    (right,) = [reading for reading in together if reading.box and reading.box.centre[0] > 500]
    assert scores(right) == pytest.approx(scores(alone[0]), abs=0.03)


def test_a_new_track_starts_afresh(classifier: Classifier) -> None:
    pipeline = Pipeline(ChalkDetector(), classifier, 1000.0)
    first = pipeline.read([frame(chalk_picture(), 0)])[0]
    pipeline.read([frame(chalk_picture(face=False), 1)])
    again = pipeline.read([frame(chalk_picture(), 2)])[0]
    assert (first.track, again.track) == (1, 2)
    assert scores(again) == pytest.approx(scores(first))


def test_no_frames_are_no_readings(pipeline: Pipeline) -> None:
    assert pipeline.read([]) == []
