from __future__ import annotations

from monitor.people import notice


def test_the_notice_says_what_is_measured_kept_never_kept_how_long_and_what_one_may_do() -> None:
    lines = notice.short("Fractions", 14)
    assert [line.split(":")[0].strip("*") for line in lines] == [
        "Measured",
        "Kept",
        "Never kept",
        "For how long",
        "Your choice",
    ]
    assert "“Fractions”" in lines[0]
    assert "pictures or video" in lines[2]
    assert "14 days" in lines[3]


def test_the_long_notice_says_what_the_law_says() -> None:
    for words in ("Article 5(1)(f)", "wrong in about three pictures of", "refuse, pause, leave", "deleted"):
        assert words in notice.long()
