"""A made-up lesson of 40 minutes, for who wants to see the pages before a class has been measured.

Nobody's face is behind it, and a lesson made of it is marked as made up.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import numpy as np

from model_zoo.emotions import EMOTIONS, Emotion, EmotionScores
from monitor.domain import Lesson, Presence, Sample
from monitor.insight.windows import Floats
from monitor.store.store import Store
from monitor.teaching import MarkerKind

TITLE = "Fractions · 7b (sample)"
NAMES = ("Ada", "Ben", "Cem", "Dana", "Emil", "Fatou", "Greta", "Hugo", "Ines", "Jonas", "Kira", "Leo")
LENGTH_S = 40 * 60
SEED = 7
HIDDEN, PAUSING, LATE = NAMES.index("Cem"), NAMES.index("Dana"), NAMES.index("Jonas")
PAUSE_S, LATE_S = (14 * 60, 19 * 60), 3 * 60

# Logits of a calm class, in the order of `Emotion`.
CALM = np.array([-2.1, -3.6, -2.4, -0.4, -1.3, -1.8, 0.9])
Events = Sequence[tuple[int, int, dict[Emotion, float]]]
"""When each starts, how long it lasts, how strongly it moves which emotions."""

# A welcome, a hard exercise, the noise of a break, a joke.
EVENTS: Events = (
    (30, 150, {Emotion.HAPPY: 0.9}),
    (21 * 60, 330, {Emotion.HAPPY: -1.3, Emotion.SAD: 1.6, Emotion.ANGRY: 1.1, Emotion.FEAR: 0.9}),
    (29 * 60, 120, {Emotion.HAPPY: 1.2, Emotion.SURPRISE: 1.4}),
    (33 * 60, 100, {Emotion.HAPPY: 1.9, Emotion.SURPRISE: 1.2}),
)
Marks = Sequence[tuple[int, MarkerKind, str]]
"""Seconds since the start, kind, text."""

MARKS: Marks = (
    (180, MarkerKind.TOPIC, "Fractions"),
    (9 * 60, MarkerKind.EXERCISE, "exercise 1"),
    (15 * 60, MarkerKind.QUESTION, ""),
    (21 * 60, MarkerKind.EXERCISE, "exercise 2"),
    (31 * 60, MarkerKind.QUIZ, ""),
    (33 * 60, MarkerKind.NOTE, "a joke"),
)
BREAK_S = (29 * 60, 31 * 60)


def add_sample_lesson(store: Store, start: datetime, class_id: int | None = None) -> Lesson:
    """Stores the sample lesson, with its markers and a break that is left out, as one that has ended.

    Raises StoreError.
    """
    lesson = store.lessons.start(TITLE, start, "none: made up", "none: made up", made_up=True, class_id=class_id)
    first, last = (start + timedelta(seconds=second) for second in BREAK_S)
    store.markers.put(lesson.id, first, MarkerKind.BREAK, until=last, left_out=True)
    return hold(store, lesson, NAMES, MARKS)


def hold(
    store: Store,
    lesson: Lesson,
    names: Sequence[str],
    marks: Marks,
    seed: int = SEED,
    length_s: int = LENGTH_S,
    events: Events = EVENTS,
) -> Lesson:
    """Fills a lesson that was started with made-up students, samples and markers, and ends it."""
    start, end = lesson.started_at, lesson.started_at + timedelta(seconds=length_s)
    students = store.people.invite(lesson.id, names, start)
    store.samples.add(sample_lesson(start, [student.id for student in students], seed, length_s, events))
    for second, kind, text in marks:
        store.markers.put(lesson.id, start + timedelta(seconds=second), kind, text)
    for student in students:
        store.people.choose(student.id, Presence.LEFT, end)
    return store.lessons.end(lesson.id, end)


def sample_lesson(
    start: datetime,
    student_ids: Sequence[int],
    seed: int = SEED,
    length_s: int = LENGTH_S,
    events: Events = EVENTS,
) -> list[Sample]:
    """The samples of the first students of `NAMES`, whose ids come in that order. The same each time (seeded)."""
    if not 0 < len(student_ids) <= len(NAMES):
        raise ValueError(f"a sample lesson has 1 to {len(NAMES)} students, got {len(student_ids)} ids")
    random = np.random.default_rng(seed)
    scores = _scores(random, len(student_ids), length_s, events)
    frames = random.integers(7, 11, scores.shape[:2])
    faces = _faces(random, frames)
    begin = start.replace(microsecond=0)
    return [
        Sample(
            student_id,
            begin + timedelta(seconds=second),
            EmotionScores.of(scores[place, second]) if faces[place, second] else None,
            int(faces[place, second]),
            int(frames[place, second]),
        )
        for place, student_id in enumerate(student_ids)
        for second in range(length_s)
        if _measured(place, second)
    ]


def _measured(place: int, second: int) -> bool:
    if place == PAUSING:
        return not PAUSE_S[0] <= second < PAUSE_S[1]
    return place != LATE or second >= LATE_S


def _scores(random: np.random.Generator, students: int, length_s: int, events: Events) -> Floats:
    """(students, seconds, 7) probabilities: each student's own manner, wandering, and the class's events."""
    manner = random.normal(0, 0.35, (students, 1, len(EMOTIONS)))
    reacting = random.uniform(0.6, 1.3, (students, 1, 1))
    logits = CALM + manner + _wandering(random, students, length_s, 25, 0.55) + reacting * _moved(length_s, events)
    weights = np.exp(logits)
    return np.asarray(weights / weights.sum(axis=-1, keepdims=True), np.float64)


def _moved(length_s: int, events: Events) -> Floats:
    """(seconds, 7) of logits: each event comes within 20 s and goes within 40 s, smoothly."""
    seconds = np.arange(length_s)[:, None]
    moved = np.zeros((length_s, len(EMOTIONS)))
    for start, length, strengths in events:
        rise = 1 / (1 + np.exp(-(seconds - start) / 5))
        fall = 1 / (1 + np.exp((seconds - start - length) / 10))
        moved += rise * fall * np.array([strengths.get(emotion, 0.0) for emotion in EMOTIONS])
    return moved


def _wandering(random: np.random.Generator, students: int, length_s: int, memory_s: float, spread: float) -> Floats:
    """(students, seconds, 7): a first-order autoregression that forgets within `memory_s`."""
    keep = float(np.exp(-1 / memory_s))
    steps = random.normal(0, spread * np.sqrt(1 - keep**2), (length_s, students, len(EMOTIONS)))
    steps[0] /= np.sqrt(1 - keep**2)
    for second in range(1, length_s):
        steps[second] += keep * steps[second - 1]
    return steps.swapaxes(0, 1)


def _faces(random: np.random.Generator, frames: np.ndarray) -> np.ndarray:
    """(students, seconds): most look up most of the time; one is hidden for about half of it."""
    students, length_s = frames.shape
    turned_away = _wandering(random, students, length_s, 15, 1.0)[..., 0]
    often = np.full((students, 1), 1.9)
    often[HIDDEN:][:1] = 0.1
    faces = np.where(turned_away > often, 0, frames)
    missed = random.random(frames.shape) < 0.05
    return np.asarray(np.where(missed, faces // 2, faces))
