from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from data import fer2013, fer2013_csv
from data.fer2013 import LABELS, DataError
from data.fer2013_csv import read, read_voted

VOTED = "Usage,Image name,neutral,happiness,surprise,sadness,anger,disgust,fear,contempt,unknown,NF"


def pixels(seed: int, count: int = 2304) -> str:
    return " ".join(map(str, np.random.default_rng(seed).integers(0, 256, count)))


def table(folder: Path, *rows: str) -> Path:
    path = folder / "fer2013.csv"
    path.write_text("\n".join(["emotion,pixels,Usage", *rows]) + "\n")
    return path


def whole(folder: Path) -> Path:
    """Two of each label to learn from, one to test on."""
    usages = ("Training", "Training", "PublicTest")
    return table(
        folder, *(f"{label},{pixels(label * 3 + n)},{use}" for label in range(7) for n, use in enumerate(usages))
    )


@pytest.mark.parametrize("inside", [False, True], ids=["the file", "its folder"])
def test_a_table_gives_the_pictures_of_one_split(tmp_path: Path, inside: bool) -> None:
    path = whole(tmp_path)
    pictures = fer2013.read(tmp_path if inside else path, "Training")
    assert pictures.images.shape == (14, 48, 48)
    assert pictures.labels == tuple(label for label in LABELS for _ in range(2))
    assert pictures.names[:3] == ("Training_2", "Training_3", "Training_5")
    assert pictures.images[0].ravel().tolist() == list(map(int, pixels(0).split()))
    assert len(fer2013.read(path, "PublicTest")) == 7


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (f"7,{pixels(0)},Training", "emotion is 0 to 6, got '7'"),
        (f"happy,{pixels(0)},Training", "emotion is 0 to 6, got 'happy'"),
        (f"3,{pixels(0, 100)},Training", "has 100 pixels, expected 2304"),
        (f"3,{pixels(0, 2303)} 256,Training", "expected 0 to 255"),
        (f"3,{pixels(0, 2303)} x,Training", "invalid literal"),
        ("3,,Training", "has 0 pixels"),
        ("3", "Usage '' is none of Training"),
    ],
)
def test_a_bad_row_is_passed_over_and_named_by_its_line(tmp_path: Path, row: str, reason: str) -> None:
    path = table(tmp_path, f"3,{pixels(1)},Training", row, f"4,{pixels(2)},Training")
    pictures = fer2013.read(path, "Training")
    assert pictures.labels == ("happy", "sad")
    (passed_over,) = pictures.passed_over
    assert passed_over.startswith("fer2013.csv, line 3: ")
    assert reason in passed_over


def test_a_table_of_something_else_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "marks.csv"
    path.write_text("student,mark\nAda,1\n")
    with pytest.raises(DataError, match=r"lacks the columns emotion, pixels, Usage; it has \['student', 'mark'\]"):
        fer2013.read(path, "Training")


def test_a_table_without_the_split_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="holds no readable PrivateTest picture"):
        fer2013.read(whole(tmp_path), "PrivateTest")


def test_votes_become_shares_of_the_seven(tmp_path: Path) -> None:
    path = table(tmp_path, *(f"6,{pixels(n)},Training" for n in range(3)))
    votes = tmp_path / fer2013_csv.VOTES_FILE
    rows = [
        "Training,fer1.png,4,0,0,1,3,0,0,2,0,0",
        "Training,,0,0,0,0,0,0,0,0,0,10",
        "Training,fer3.png,0,9,1,0,0,0,0,0,0,0",
    ]
    votes.write_text("\n".join([VOTED, *rows]) + "\n")
    pictures = read_voted(path, votes, "Training")
    assert pictures.labels == ("neutral", "happy")
    assert pictures.shares is not None
    np.testing.assert_allclose(pictures.shares[0], [3 / 8, 0, 0, 0, 1 / 8, 0, 4 / 8])
    np.testing.assert_allclose(pictures.shares[1], [0, 0, 0, 0.9, 0, 0.1, 0], rtol=1e-6)
    assert pictures.passed_over == ("Training_3: nobody chose one of " + ", ".join(LABELS),)
    assert pictures.names == ("Training_2", "Training_4")


def test_shares_stay_with_their_pictures(tmp_path: Path) -> None:
    path = table(tmp_path, *(f"{n},{pixels(n)},Training" for n in range(2)), f"0,{pixels(0)},PublicTest")
    votes = tmp_path / "votes.csv"
    votes.write_text(
        "\n".join([VOTED, "Training,a,0,0,0,0,9,0,0,0,0,0", "Training,b,0,0,0,0,0,9,0,0,0,0", "PublicTest,c"])
    )
    own = read_voted(path, votes, "Training").without(fer2013.read(path, "PublicTest"))
    assert own.labels == ("disgust",)
    assert own.shares is not None
    assert own.shares.tolist() == [[0, 1, 0, 0, 0, 0, 0]]


def test_votes_on_other_pictures_are_refused(tmp_path: Path) -> None:
    votes = tmp_path / "votes.csv"
    votes.write_text(f"{VOTED}\nPublicTest,a,9,0,0,0,0,0,0,0,0,0\n")
    with pytest.raises(
        DataError, match=r"votes\.csv does not belong to fer2013\.csv: it has no Training at the line of"
    ):
        read_voted(whole(tmp_path), votes, "Training")


@pytest.mark.parametrize("odd", ["9" * 20, "9" * 5000, "-" + "9" * 30])
def test_grey_values_of_many_digits_are_passed_over(tmp_path: Path, odd: str) -> None:
    good, bad = " ".join(["7"] * 2304), " ".join([odd, *["7"] * 2303])
    path = tmp_path / "fer2013.csv"
    path.write_text(f"emotion,pixels,Usage\n3,{good},Training\n3,{bad},Training\n²,{good},Training\n")
    found = read(path, "Training")
    assert (len(found.labels), len(found.passed_over)) == (1, 2)


def test_a_vote_that_is_no_decimal_counts_for_nothing(tmp_path: Path) -> None:
    pictures, votes = tmp_path / "fer2013.csv", tmp_path / "fer2013new.csv"
    pictures.write_text(f"emotion,pixels,Usage\n3,{' '.join(['7'] * 2304)},Training\n")
    heading = "Usage,Image name,anger,disgust,fear,happiness,sadness,surprise,neutral"
    votes.write_text(f"{heading}\nTraining,1.png,²,0,0,8,0,0,2\n")
    found = read_voted(pictures, votes, "Training")
    assert found.labels == ("happy",)
