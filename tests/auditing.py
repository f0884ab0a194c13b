"""`make audit`: a list of all installed packages (SBOM, CycloneDX) and what is known to be wrong with them (pip-audit).

Both tools live in an environment of their own, `var/audit`, so that they say nothing of themselves. The exit code is 1
for a package with a known vulnerability. Where the service that knows them cannot be asked, this says so, and it is 0.
"""

from __future__ import annotations

import json
import subprocess
import sys
import sysconfig
import venv
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parent.parent / "var"
TOOLS = ("pip-audit>=2.9,<3", "cyclonedx-bom>=7,<8")


def main() -> int:
    programs = FOLDER / "audit" / ("Scripts" if sys.platform == "win32" else "bin")
    if not (programs / "pip-audit").exists():
        venv.create(FOLDER / "audit", with_pip=True)
        _run(programs / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *TOOLS)
    bill = FOLDER / "sbom.json"
    _run(programs / "cyclonedx-py", "environment", sys.executable, "--output-file", bill)
    components = json.loads(bill.read_text(encoding="utf-8"))["components"]
    print(f"{bill.relative_to(FOLDER.parent)}: {len(components)} packages")
    return audited(programs / "pip-audit")


def audited(program: Path) -> int:
    found = _run(program, "--path", sysconfig.get_path("purelib"), "--format", "json", "--progress-spinner", "off")
    try:
        told = json.loads(found.stdout)
    except json.JSONDecodeError:
        print(f"Not checked: the service of known vulnerabilities cannot be asked. {_last_line(found.stderr)}")
        return 0
    return said(told)


def said(told: Mapping[str, Any]) -> int:
    """What pip-audit found, in words. A package that the service does not know was not checked."""
    lines = list(vulnerabilities(told))
    unknown = sum("skip_reason" in package for package in told["dependencies"])
    checked = len(told["dependencies"]) - unknown
    print("\n".join([*lines, f"{checked} packages checked, {len(lines)} known vulnerabilities"]))
    if unknown:
        print(f"Not checked, as the service of known vulnerabilities does not know them: {unknown} packages")
    return int(bool(lines))


def vulnerabilities(told: Mapping[str, Any]) -> Iterator[str]:
    for package in told["dependencies"]:
        for one in package.get("vulns", ()):
            mended = ", ".join(one["fix_versions"]) or "no version yet"
            yield f"{package['name']} {package['version']}: {one['id']}, mended in {mended}"


def _last_line(text: str) -> str:
    return next(reversed(text.strip().splitlines()), "")


def _run(program: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run([program, *map(str, arguments)], capture_output=True, text=True, check=False)


if __name__ == "__main__":
    sys.exit(main())
