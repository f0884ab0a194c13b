"""The colours below a face decide where two come close, say nothing of the face, and are forgotten with its track."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterable, Sequence

import numpy as np
import pytest

from monitor.domain import Box, Image
from monitor.vision import clothes
from monitor.vision.clothes import alike, colours, free_sides, learnt
from monitor.vision.crowd import GAP_S, SURE_AFTER, ManyFaces
from tests.lesson import second
from tests.vision.test_following_many_faces import FPS, face

RED, BLUE, BLACK, NAVY, WHITE = (40, 40, 190), (170, 90, 40), (25, 25, 25), (62, 42, 32), (230, 230, 230)
Person = tuple[float, tuple[int, int, int]]
"""Where the face is, and what colour the clothes below it have."""


def picture(people: Iterable[Person], light: float = 1.0) -> Image:
    """Each body is 2.4 face widths wide; who comes later stands in front."""
    image = np.full((240, 700, 3), (150, 160, 150), np.float32)
    for x, colour in people:
        image[88:240, round(x - 60) : round(x + 60)] = colour
    noise = np.random.default_rng(7).normal(0, 4, image.shape)
    return np.clip(light * image + noise, 0, 255).astype(np.uint8)


def watch(tracker: ManyFaces, frames: Sequence[Sequence[Person]], since: float = 0, light: float = 1.0) -> list[int]:
    """The numbers in the last frame, in the order of the people."""
    numbers = {}
    for at, people in enumerate(frames):
        tracks = tracker.follow([face(x) for x, _ in people], second(since + at / FPS), picture(people, light))
        numbers = {track.face.box.centre[0]: track.number for track in tracks}
    return [numbers[x] for x, _ in frames[-1]]


def settled(*people: Person) -> ManyFaces:
    """Its next frame is of second 1."""
    tracker = ManyFaces("room")
    watch(tracker, [people] * FPS)
    return tracker


def test_two_who_change_places_while_nobody_sees_them_keep_their_numbers() -> None:
    tracker = settled((150, RED), (240, BLUE))
    assert watch(tracker, [[(175, BLUE), (215, RED)]], 2) == [2, 1]


@pytest.mark.parametrize("worn", [RED, BLACK])
def test_where_all_wear_the_same_the_place_decides(worn: tuple[int, int, int]) -> None:
    tracker = settled((150, worn), (240, worn))
    assert watch(tracker, [[(175, worn), (215, worn)]], 2) == [1, 2]


def test_two_who_were_taken_for_each_other_get_their_numbers_back() -> None:
    tracker = settled((150, RED), (240, BLUE))
    taken = tracker.follow([face(175), face(215)], second(2))  # by the place alone
    assert [track.number for track in taken] == [1, 2]
    apart = [[(175 - 12 * step, BLUE), (215 + 12 * step, RED)] for step in range(1, 9)]
    assert watch(tracker, apart, 2.2) == [2, 1]


def test_somebody_else_who_sits_down_there_is_somebody_else() -> None:
    tracker = settled((150, RED), (450, BLUE))
    watch(tracker, [[(450, BLUE)]] * FPS, 1)
    assert watch(tracker, [[(170, WHITE), (450, BLUE)]] * SURE_AFTER, 2) == [3, 2]


def test_who_puts_on_a_jacket_in_sight_stays_the_same() -> None:
    assert watch(settled((150, RED)), [[(150, BLACK)]] * 3, 1) == [1]


@pytest.mark.parametrize("light", [0.8, 1.2])
def test_a_cloud_before_the_sun_makes_nobody_a_stranger(light: float) -> None:
    tracker = settled((150, RED), (300, BLUE))
    assert watch(tracker, [[(155, RED), (295, BLUE)]], 2, light) == [1, 2]


def test_the_picture_may_be_missing() -> None:
    tracker = settled((150, RED))
    (track,) = tracker.follow([face(150)], second(1))
    assert track.number == 1


def test_colours_are_forgotten_with_the_track(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[weakref.ref[np.ndarray]] = []

    def noticed(image: Image, box: Box, side: int = 0) -> clothes.Colours | None:
        found = colours(image, box, side)
        seen.extend([] if found is None else [weakref.ref(found)])
        return found

    monkeypatch.setattr(clothes, "colours", noticed)
    tracker = settled((150, RED))
    tracker.follow([], second(1 + GAP_S + 1), picture([]))
    gc.collect()
    assert seen
    assert not any(one() is not None for one in seen)


def test_likeness_is_of_colours() -> None:
    red, blue, black, navy = (_worn(one) for one in (RED, BLUE, BLACK, NAVY))
    assert alike(red, red) == pytest.approx(1, abs=0.01)
    assert (alike(red, blue) or 0) < 0.1
    assert 0.2 < (alike(black, navy) or 0) < 0.97
    assert alike(red, {}) is None


def test_what_is_worn_is_learnt_slowly() -> None:
    now = learnt(_worn(RED), _worn(BLUE))
    assert now[0].sum() == pytest.approx(1)
    assert (alike(now, _worn(RED)) or 0) > (alike(now, _worn(BLUE)) or 0)


def test_clothes_below_the_edge_of_the_picture_are_not_seen() -> None:
    assert colours(picture([(150, RED)]), Box(125, 180, 50, 50)) is None


@pytest.mark.parametrize(
    ("others", "free"),
    [
        ([], {-1, 0, 1}),
        ([(152, 60)], {-1, 0, 1}),  # itself
        ([(185, 60)], set()),
        ([(210, 60)], {-1}),
        ([(90, 60)], {1}),
        ([(90, 60), (210, 60)], set()),
        ([(250, 60)], {-1, 0}),
        ([(210, -60)], {-1, 0, 1}),  # behind
        ([(150, 120)], set()),  # in front
    ],
)
def test_only_clothes_before_which_nobody_stands_are_looked_at(
    others: list[tuple[float, float]], free: set[int]
) -> None:
    assert free_sides(Box(125, 35, 50, 50), others) == free


def _worn(colour: tuple[int, int, int]) -> clothes.Clothes:
    found = colours(picture([(150, colour)]), Box(125, 35, 50, 50))
    assert found is not None
    return {0: found}
