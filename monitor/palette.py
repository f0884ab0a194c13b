"""One order, colour, emoji and word per emotion, the same everywhere. Colours after Okabe and Ito (2008)."""

from __future__ import annotations

from dataclasses import dataclass

from model_zoo.emotions import EMOJI, Emotion
from monitor.words import _, later


@dataclass(frozen=True, slots=True)
class Look:
    colour: str
    emoji: str
    english: str

    @property
    def word(self) -> str:
        return _(self.english)

    @property
    def label(self) -> str:
        """Never the colour alone: `😀 happy`."""
        return f"{self.emoji} {self.word}"


LOOKS: dict[Emotion, Look] = {
    Emotion.HAPPY: Look("#E69F00", EMOJI[Emotion.HAPPY], later("happy")),
    Emotion.SURPRISE: Look("#56B4E9", EMOJI[Emotion.SURPRISE], later("surprise")),
    Emotion.NEUTRAL: Look("#8A8A8A", EMOJI[Emotion.NEUTRAL], later("neutral")),
    Emotion.SAD: Look("#0072B2", EMOJI[Emotion.SAD], later("sad")),
    Emotion.FEAR: Look("#CC79A7", EMOJI[Emotion.FEAR], later("fear")),
    Emotion.ANGRY: Look("#D55E00", EMOJI[Emotion.ANGRY], later("angry")),
    Emotion.DISGUST: Look("#009E73", EMOJI[Emotion.DISGUST], later("disgust")),
}
"""In the order in which emotions are shown; `Emotion` itself has the order of the networks' outputs."""

NO_FACE = Look("#8A8A8A", "◌", later("no face"))
PAUSED = Look("#8A8A8A", "⏸", later("paused"))

LOW, MIDDLE, HIGH = "#0072B2", "#D9D9D9", "#E69F00"
"""Mood from −1 over 0 to +1: blue to orange, which colour-blind people tell apart, through a grey that is
seen on white and on black."""
