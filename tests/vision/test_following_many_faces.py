from __future__ import annotations

from collections.abc import Sequence

import pytest

from monitor.domain import Box, Face, Square
from monitor.vision.crowd import GAP_S, SURE_AFTER, ManyFaces
from monitor.vision.detection import YuNet
from tests.benchmarks.room import follow
from tests.class_in_motion import ClassInMotion
from tests.conftest import shared_path
from tests.lesson import second

FPS = 5


def face(x: float, y: float = 60, width: float = 50) -> Face:
    """Its centre is at (x, y)."""
    box = Box(x - width / 2, y - width / 2, width, width)
    return Face(box, 0.9, Square(box.centre, width))


def watch(tracker: ManyFaces, frames: Sequence[Sequence[Face]], since: float = 0) -> list[dict[float, int]]:
    """Of each frame: the number of the track at each face's x."""
    return [
        {track.face.box.centre[0]: track.number for track in tracker.follow(list(faces), second(since + at / FPS))}
        for at, faces in enumerate(frames)
    ]


def settled(*faces: Face) -> ManyFaces:
    """A tracker that is sure of these faces; its next frame is of second 1."""
    tracker = ManyFaces("room")
    watch(tracker, [faces] * FPS)
    return tracker


def test_a_face_is_a_track_when_it_was_seen_three_times_in_a_row() -> None:
    seen = watch(ManyFaces("room"), [[face(100)]] * 4)
    assert seen == [{}, {}, {100: 1}, {100: 1}]
    assert SURE_AFTER == 3


def test_a_false_alarm_is_no_track_and_takes_no_number() -> None:
    frames = [[face(100)], [face(100), face(400)], [face(100)], [face(100)], *[[face(100), face(700)]] * 3]
    assert watch(ManyFaces("room"), frames)[-1] == {100: 1, 700: 2}


def test_each_track_says_how_many_others_there_are() -> None:
    tracks = settled(face(100), face(300), face(500)).follow([face(100), face(300), face(500)], second(1))
    assert [(track.stream, track.number, track.others) for track in tracks] == [("room", n, 2) for n in (1, 2, 3)]


def test_numbers_are_those_of_their_tracker() -> None:
    """No counter is shared: two cameras number their faces independently."""
    one, other = settled(face(100)), settled(face(100))
    assert watch(one, [[face(100)]], 1) == watch(other, [[face(100)]], 1) == [{100: 1}]


def test_faces_are_followed_in_whatever_order_they_are_found() -> None:
    seen = watch(settled(face(100), face(300)), [[face(300), face(100)], [face(100), face(300)]], 1)
    assert seen == [{100: 1, 300: 2}] * 2


def test_neighbours_that_sway_keep_their_numbers() -> None:
    sway = [0, 12, 24, 30, 24, 12, 0, -12, -24, -30, -24, -12]
    seen = watch(settled(face(100), face(170)), [[face(100 + by), face(170 - by / 3)] for by in sway], 1)
    assert [sorted(one) for one in seen] == [sorted((100 + by, 170 - by / 3)) for by in sway]
    assert all(one[100 + by] == 1 and one[170 - by / 3] == 2 for one, by in zip(seen, sway, strict=True))


def test_two_who_pass_each_other_keep_their_numbers() -> None:
    """Each is expected where it goes, not where it was."""
    tracker = ManyFaces("room")
    frames = [[face(100 + 20 * at, 60), face(500 - 20 * at, 70)] for at in range(21)]
    seen = watch(tracker, frames)
    assert seen[3] == {160: 1, 440: 2}
    assert seen[20] == {500: 1, 100: 2}


def test_one_who_walks_behind_another_comes_out_again_as_the_same() -> None:
    tracker = ManyFaces("room")
    frames = [
        [face(300)] if abs(100 + 20 * at - 300) < 50 else [face(100 + 20 * at, 66), face(300)] for at in range(21)
    ]
    seen = watch(tracker, frames)
    walker, seated = seen[3][160], seen[3][300]
    assert seen[20] == {500: walker, 300: seated}


@pytest.mark.parametrize(("hidden_s", "same"), [(0.4, True), (2, True), (GAP_S - 0.5, True), (GAP_S + 1, False)])
def test_a_face_that_was_hidden_is_the_same_for_some_seconds(hidden_s: float, same: bool) -> None:
    tracker = settled(face(100), face(400))
    watch(tracker, [[face(100)]] * round(hidden_s * FPS), 1)
    back = watch(tracker, [[face(100), face(408)]] * SURE_AFTER, 1 + hidden_s)
    assert back[-1] == {100: 1, 408: 2 if same else 3}


def test_a_face_far_from_all_others_is_somebody_else() -> None:
    tracker = settled(face(100))
    assert watch(tracker, [[face(600)]] * SURE_AFTER, 1)[-1] == {600: 2}


def test_who_is_hidden_does_not_take_the_face_of_who_passes_by() -> None:
    """Two sit side by side, one looks down; the neighbour who leans over stays the neighbour."""
    tracker = settled(face(100), face(160))
    leaning = [[face(160 - 8 * at)] for at in range(6)]
    seen = watch(tracker, leaning, 1)
    assert [list(one.values()) for one in seen] == [[2]] * 6


def test_a_picture_that_comes_smaller_changes_no_number() -> None:
    """As when a browser finds its line busy."""
    tracker = settled(face(100), face(400))
    tracker.resize(0.5)
    assert watch(tracker, [[face(50, 30, 25), face(200, 30, 25)]], 1) == [{50: 1, 200: 2}]


def test_an_empty_room_and_a_clock_set_back_break_nothing() -> None:
    tracker = settled(face(100))
    assert tracker.follow([], second(1)) == []
    (track,) = tracker.follow([face(102)], second(-3600))
    assert track.number == 1


def test_nine_real_faces_that_sway_keep_their_numbers() -> None:
    """Found by YuNet; tests/benchmarks/room.py is the long one, with walks and gaps."""
    yunet = shared_path("YUNET")
    scene, detector, tracker = (
        ClassInMotion(8, shared_path("FACE_MEDIA"), yunet, calm=True),
        YuNet(yunet),
        ManyFaces("room"),
    )
    frames, unfound = [], 0
    for number in range(8 * 3):
        at = number / 3
        faces = detector.detect(scene.picture(at), crowd=True)
        unfound += len(scene.boxes(at)) - len(faces)
        tracks = tracker.follow(faces, second(at))
        frames.append((at, {track.number: track.face.box for track in tracks}, scene.boxes(at)))
    tally = follow(frames)
    assert (len(scene.people), len(tally.teacher.names), tally.switches, tally.wrong) == (9, 9, 0, 0)
    assert tally.right + unfound >= tally.looks, "whoever is found bears the right name"
    assert unfound / (len(frames) * len(scene.people)) < 0.05, "YuNet's part of it"
