from __future__ import annotations

import json
from pathlib import Path

import pytest

from data.__main__ import main
from tests.data.cohn_kanade import small_set
from tests.data.pictures import jpeg, place, tiny_release
from tests.data.test_reading_fer2013 import zipped
from tests.data.test_reading_fer2013_as_a_table import whole


@pytest.fixture
def release(tmp_path: Path) -> Path:
    """With a copy across the splits that bears another label, and a broken file."""
    folder = tiny_release(tmp_path / "fer")
    place(folder, "PublicTest", "sad", 90, jpeg(0))
    place(folder, "Training", "sad", 91, b"broken")
    return folder


def described(path: Path, capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    assert main(["describe", str(path), "--json"]) == 0
    return dict(json.loads(capsys.readouterr().out))


def test_it_says_what_is_there_what_is_copied_and_what_is_broken(
    release: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["describe", str(release)]) == 0
    out = capsys.readouterr().out
    assert "29 pictures, 28 distinct" in out
    assert "1 of PublicTest also stand in Training" in out
    assert "train/angry/Training_0.jpg (angry), test/sad/PublicTest_90.jpg (sad)" in out
    assert "1 files or sequences passed over\n  train/sad/Training_91.jpg: cannot identify" in out
    (training,) = (line.split() for line in out.splitlines() if line.startswith("Training"))
    assert training == ["Training", "14", *["2"] * 7]


def test_as_json_it_holds_the_same(release: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = described(release, capsys)
    assert (found["kind"], found["files"], found["distinct"]) == ("FER2013", 29, 28)
    assert found["crossing"] == [["Training", "PublicTest", 1]]
    assert found["conflicting"] == [["train/angry/Training_0.jpg (angry)", "test/sad/PublicTest_90.jpg (sad)"]]


def test_every_form_is_known(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    packed = zipped(tiny_release(tmp_path / "fer"), tmp_path / "fer.zip")
    assert described(packed, capsys)["files"] == 28
    (tmp_path / "table").mkdir()
    assert described(whole(tmp_path / "table"), capsys)["files"] == 21
    place(tmp_path, "Training", "happy", 1, jpeg(1)).rename(tmp_path / "train" / "happy" / "me.jpg")
    found = described(tmp_path / "train", capsys)
    assert (found["kind"], found["files"]) == ("a folder for each emotion", 1)
    found = described(small_set(tmp_path / "ck"), capsys)
    assert (found["kind"], found["people"], found["frames"]) == ("Cohn-Kanade+", 5, [4, 4])


def test_a_page_holds_bars_and_pictures_and_needs_nothing_else(
    release: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "page.html"
    assert main(["describe", str(release), "--page", str(page)]) == 0
    assert "not to be published" in capsys.readouterr().err
    text = page.read_text()
    assert text.count("<svg") == 2
    assert text.count('class="mean"') == 7
    assert text.count('class="one"') == 14
    assert "Training_91.jpg: cannot identify" in text
    assert "http" not in text


def test_a_page_shows_what_is_named_as_words(tmp_path: Path) -> None:
    name = tmp_path / "a <b>" / "happy" / "x.jpg"
    name.parent.mkdir(parents=True)
    name.write_bytes(jpeg(3))
    (name.parent / "<script>.txt").write_text("no picture")
    assert main(["describe", str(tmp_path / "a <b>"), "--page", str(tmp_path / "page.html")]) == 0
    text = (tmp_path / "page.html").read_text()
    assert "<script>" not in text
    assert "&lt;script&gt;.txt" in text


@pytest.mark.parametrize(
    ("path", "reason"), [("nowhere", "does not exist"), ("empty", "is no data set known here: FER2013 (its folders")]
)
def test_what_is_no_data_set_is_said_without_a_traceback(
    tmp_path: Path, path: str, reason: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "empty").mkdir()
    assert main(["describe", str(tmp_path / path)]) == 2
    assert reason in capsys.readouterr().err


@pytest.mark.parametrize("command", [[], ["describe"]])
def test_every_command_explains_itself(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([*command, "--help"])
    assert ended.value.code == 0
    assert "usage: python -m data" in capsys.readouterr().out
