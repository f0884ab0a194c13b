from __future__ import annotations

from datetime import UTC, datetime

import pytest

from model_zoo.emotions import Emotion, EmotionScores
from monitor.domain import Picture, Reading, Sample
from monitor.live.recorder import Seconds
from tests.lesson import HAPPY, SAD, second

ADA, BEN = 1, 2


def reading(at: float, scores: EmotionScores | None = HAPPY) -> Reading:
    return Reading("ada", second(at), scores, 0 if scores is None else 1, Picture.FINE)


def gathered(seconds: Seconds, *readings: Reading, student: int = ADA) -> list[Sample]:
    return [sample for one in readings if (sample := seconds.gather(student, one))]


def test_a_second_is_handed_over_when_the_next_begins() -> None:
    samples = gathered(Seconds(), *(reading(at / 5) for at in range(16)))
    assert [(one.student_id, one.at, one.faces, one.frames) for one in samples] == [
        (ADA, second(number), 5, 5) for number in range(3)
    ]


def test_its_scores_are_the_mean_over_the_frames_with_a_face() -> None:
    (sample,) = gathered(Seconds(), reading(0, HAPPY), reading(0.3, SAD), reading(0.6, None), reading(1))
    assert (sample.faces, sample.frames) == (2, 3)
    assert sample.scores is not None
    assert sample.scores.probabilities == pytest.approx(EmotionScores.mean([HAPPY, SAD]).probabilities)


def test_a_second_without_a_face_is_a_sample_without_scores() -> None:
    (sample,) = gathered(Seconds(), reading(0, None), reading(0.5, None), reading(1))
    assert (sample.scores, sample.faces, sample.frames) == (None, 0, 2)


def test_a_gap_is_no_sample() -> None:
    samples = gathered(Seconds(), reading(0), reading(20), reading(21))
    assert [one.at for one in samples] == [second(0), second(20)]


def test_students_do_not_mix() -> None:
    seconds = Seconds()
    for at in (0.1, 0.5):
        gathered(seconds, reading(at, HAPPY), student=ADA)
        gathered(seconds, reading(at, SAD), student=BEN)
    top = {one.student_id: one.scores and one.scores.top(1)[0][0] for one in seconds.close(second(1))}
    assert top == {ADA: Emotion.HAPPY, BEN: Emotion.SAD}


def test_an_open_second_is_closed_when_it_is_over() -> None:
    seconds = Seconds()
    gathered(seconds, reading(0.2))
    assert seconds.close(second(0.9)) == []
    assert [one.at for one in seconds.close(second(1))] == [second(0)]
    assert seconds.close(second(9)) == []


def test_at_the_end_everything_is_closed() -> None:
    seconds = Seconds()
    gathered(seconds, reading(0.2), student=ADA)
    gathered(seconds, reading(3), student=BEN)
    assert len(seconds.close(datetime.max.replace(tzinfo=UTC))) == 2


def test_a_reading_that_comes_late_counts_and_makes_no_second_twice() -> None:
    """A slow look at a picture of second 0 ends when second 0 was closed already."""
    seconds = Seconds()
    gathered(seconds, reading(0.5))
    closed = seconds.close(second(1.05))
    samples = gathered(seconds, reading(0.95), reading(1.2), reading(1.4), reading(2))
    assert [(one.at, one.frames) for one in closed + samples] == [(second(0), 1), (second(1), 3)]


@pytest.mark.parametrize("back", [0.5, 4.5])
def test_a_clock_set_back_a_little_loses_no_reading_and_makes_no_second_twice(back: float) -> None:
    seconds = Seconds()
    times = [number / 5 for number in range(50)] + [10 - back + number / 5 for number in range(50)]
    samples = gathered(seconds, *(reading(at) for at in times)) + seconds.close(second(99))
    assert len({one.at for one in samples}) == len(samples)
    assert sum(one.frames for one in samples) == len(times)


def test_a_clock_set_back_an_hour_is_followed() -> None:
    seconds = Seconds()
    samples = gathered(seconds, *(reading(at / 5) for at in range(51)))
    samples += seconds.close(second(10 - 3600))
    samples += gathered(seconds, *(reading(at / 5 - 3590) for at in range(51)))
    samples += seconds.close(second(99))
    assert [one.at for one in samples] == [second(at) for at in (*range(11), *range(-3590, -3579))]
    assert {one.frames for one in samples} == {5, 1}


def test_what_is_over_is_forgotten() -> None:
    seconds = Seconds()
    for student in range(100):
        gathered(seconds, reading(0.2), student=student)
    seconds.close(second(1))
    seconds.close(second(60))
    assert seconds._open == {}
