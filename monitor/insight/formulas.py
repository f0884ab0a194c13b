"""Each number's formula in words, shown where the number is, on a page and in every file."""

from __future__ import annotations

from monitor.words import _


def formulas() -> dict[str, str]:
    """By the number's name, in the order in which a report lists them."""
    return {
        _("expression share"): _(
            "mean probability of an expression over a student's seconds with a face, then over the students; "
            "what is left out counts for nothing"
        ),
        _("mood"): mood_of_shares(),
        _("± and whiskers"): interval(),
        _("before and after"): before_and_after(),
        _("confidence"): confidence(),
        _("agreement"): agreement(),
        _("volatility"): volatility(),
        _("coverage"): coverage(),
        _("face visible"): face_visible(),
        _("median over lessons or parts"): median(),
        _("middle half"): middle_half(),
    }


def mood() -> str:
    return _("Mood = p(happy) − max(p(angry), p(disgust), p(fear), p(sad)), in −1 … +1. It says what faces look like.")


def mood_of_shares() -> str:
    return _("p(happy) − max(p(angry), p(disgust), p(fear), p(sad)) of those shares, in −1 … 1")


def agreement() -> str:
    return _("1 − entropy of the class mean / ln 7; 1: all show one expression, 0: all seven as likely")


def volatility() -> str:
    return _("mean total-variation distance ½ Σ|pₜ − pₜ₋₁| between one window of the course and the next")


def interval() -> str:
    return _(
        "95 % interval by a moving-block bootstrap: neighbouring seconds are alike, so half-minutes of the lesson are "
        "drawn, not seconds, and few half-minutes give a wider one. It says nothing of the network's own errors"
    )


def before_and_after() -> str:
    return _(
        "mood of the two minutes before a marker and from it on, over the students seen on both sides; cut at other "
        "markers, at what is left out and at the lesson's ends"
    )


def confidence() -> str:
    return _(
        "largest of the seven probabilities, mean over a student's seconds with a face, then over the students; "
        "how decided the network is, not how often it is right"
    )


def coverage() -> str:
    return _(
        "measured seconds, of those there had been if every measured student had been there from the first to the last"
    )


def face_visible() -> str:
    return _("share of analysed frames in which a face was found; it is not attention")


def median() -> str:
    return _("the middle one; its 95 % interval is that of the sign test and takes six of them")


def middle_half() -> str:
    return _("from the first to the third quartile of the students; needs four of them")


def cannot_tell() -> str:
    return _(
        "**What this cannot tell.** Seven expression classes measure no arousal, no engagement and no understanding, "
        "and a face is not a feeling. What came after a marker need not have come from it. Use the curve to ask the "
        "class what happened, not to judge anyone."
    )
