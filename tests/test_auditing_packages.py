"""`make audit` says what it found, and what it could not look up."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.auditing import audited, said

FINE = {"name": "numpy", "version": "2.4.1", "vulns": []}
UNKNOWN = {"name": "own", "skip_reason": "Dependency not found on PyPI"}
WEAK = {"name": "jinja2", "version": "2.10", "vulns": [{"id": "PYSEC-2019-217", "fix_versions": ["2.10.1"]}]}
NO_FIX = {"name": "old", "version": "1", "vulns": [{"id": "GHSA-1", "fix_versions": []}]}


def test_what_is_fine_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert said({"dependencies": [FINE]}) == 0
    assert capsys.readouterr().out == "1 packages checked, 0 known vulnerabilities\n"


def test_a_vulnerability_is_named_with_what_mends_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert said({"dependencies": [FINE, WEAK, NO_FIX, UNKNOWN]}) == 1
    assert capsys.readouterr().out.splitlines() == [
        "jinja2 2.10: PYSEC-2019-217, mended in 2.10.1",
        "old 1: GHSA-1, mended in no version yet",
        "3 packages checked, 2 known vulnerabilities",
        "Not checked, as the service of known vulnerabilities does not know them: 1 packages",
    ]


def test_a_service_that_cannot_be_asked_fails_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    broken = tmp_path / "pip-audit"
    broken.write_text("#!/bin/sh\necho 'ConnectionError: no route' >&2\nexit 1\n")
    broken.chmod(0o755)
    assert audited(broken) == 0
    assert (
        "Not checked: the service of known vulnerabilities cannot be asked. ConnectionError" in capsys.readouterr().out
    )
