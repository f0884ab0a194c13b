"""What a student is told before the camera starts. Changing the words means a new version."""

from __future__ import annotations

from monitor.domain import Shown
from monitor.words import _, language

VERSION = "2026-3"


def version() -> str:
    """Which words, and in which language they were read: `2026-2 de`. At most 20 characters."""
    return f"{VERSION} {language()}"


def short(title: str, days: int) -> tuple[str, ...]:
    """Five lines."""
    return (
        _("**Measured:** the expression of your face, once a second, while your camera is on in “{title}”.").format(
            title=title
        ),
        _("**Kept:** seven numbers a second (how likely happy, sad, angry, … look) beside the name you give."),
        _("**Never kept:** pictures or video. Each picture is looked at in memory and forgotten at once."),
        _("**For how long:** {days} days, or until you or your teacher delete it.").format(days=days),
        _("**Your choice:** you can pause or leave at any time, and delete what was kept of you."),
    )


def seen(shown: Shown) -> str:
    """How much the teacher sees, in plain words."""
    if shown is Shown.NAMES:
        return _(
            "**Seen by your teacher:** your expression beside your name, live and afterwards in a report, which can be "
            "downloaded."
        )
    if shown is Shown.PSEUDONYMS:
        return _(
            "**Seen by your teacher:** your expression beside a made-up name, the same in all lessons of this class. "
            "The name you give is shown to nobody; but who knows the class may guess who is meant."
        )
    return _(
        "**Seen by your teacher:** the mood of the whole class, and only while five or more are measured. Nothing of "
        "you alone, now or afterwards."
    )


def long() -> str:
    """Three paragraphs."""
    return "\n\n".join(
        (
            _(
                "**What happens with a picture.** Your browser sends about five small pictures a second to the "
                "computer on which this dashboard runs, and to no one else. A program looks for a face, cuts it out, "
                "and a neural network gives seven probabilities: angry, disgust, fear, happy, sad, surprise, "
                "neutral. The picture is then gone. It is never written to a disk, a log or the database, and no "
                "picture is used to recognise who you are."
            ),
            _(
                "**What the numbers are not.** The network tells what a face looks like, and it is wrong in about "
                "three pictures of ten. It does not know what you feel, think or understand, nor whether you pay "
                "attention."
            ),
            _(
                "**Your rights.** You can refuse, pause, leave, see what was kept, and have it deleted. In the "
                "European Union, Article 5(1)(f) of the AI Act (Regulation 2024/1689) prohibits systems that infer "
                "emotions of people in schools, except for medical or safety reasons; your consent does not change "
                "that."
            ),
        )
    )
