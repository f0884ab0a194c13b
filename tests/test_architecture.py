"""Holds the line of the design: which room knows which, and which file opens the door to a heavy library."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("app", "monitor", "model_zoo", "data")
LONGEST_FILE = 300

DOORS = {
    "streamlit": ("app/",),
    "av": (
        "app/frames.py",
        "app/webrtc.py",
        "app/incoming.py",
        "app/decoders.py",
        "monitor/live/decoding.py",
        "monitor/live/room_camera.py",
    ),
    "streamlit_webrtc": ("app/webrtc.py",),
    "aiortc": ("app/incoming.py", "app/decoders.py", "app/bitrates.py"),
    "plotly": (
        "app/charts.py",
        "app/marker_lines.py",
        "app/report_charts.py",
        "app/comparison_charts.py",
        "app/model_charts.py",
        "app/downloads.py",  # plotly.js for the HTML report
        "model_zoo/measuring/figures.py",
    ),  # the zoo's pages need no dashboard
    "optuna": ("model_zoo/learning/tuning.py",),
    "sqlalchemy": ("monitor/store/",),
    "alembic": ("monitor/store/",),
    "psycopg": ("monitor/store/patience.py",),
    "cv2": (
        "monitor/vision/detection.py",
        "monitor/vision/yunet.py",
        "monitor/vision/picture.py",  # whether it is black or frozen
        "monitor/vision/overlay.py",
        "monitor/vision/clothes.py",  # colours of a picture
        "monitor/live/room_camera.py",  # a camera that is plugged into the server
        "model_zoo/preprocessing.py",
        "model_zoo/measuring/disturbances.py",  # blur, JPEG and coarse pictures, as a camera makes them
        "model_zoo/explaining/faces.py",  # the Haar cascade: the zoo may not know the dashboard's detection
        "model_zoo/explaining/overlay.py",  # draws explanations
    ),
    "argon2": ("monitor/people/passwords.py",),
    "prometheus_client": ("app/metrics.py",),
    "authlib": ("monitor/people/provider_answers.py",),
    "joserfc": ("monitor/people/provider_answers.py",),
    "requests": ("monitor/people/provider_answers.py",),
    "babel": ("monitor/locale/", "monitor/words.py"),
    "scipy": ("monitor/vision/crowd.py",),  # the Hungarian method
    "onnxruntime": (
        "monitor/vision/onnx_runtime.py",
        "monitor/vision/classification.py",
        "monitor/vision/yunet.py",
        "model_zoo/scoring.py",
        "model_zoo/quantisation.py",
    ),
    "keras": ("model_zoo/",),
    "tensorflow": ("model_zoo/",),
    "onnx": ("model_zoo/",),
    "xlsxwriter": ("monitor/insight/export/xlsx.py", "monitor/insight/export/xlsx_rows.py"),
    "matplotlib": ("monitor/insight/export/drawing.py", "monitor/insight/export/fonts.py"),
    "fpdf": ("monitor/insight/export/pdf.py",),
    "fontTools": ("monitor/insight/export/fonts.py",),
    "anyascii": ("monitor/insight/export/fonts.py",),
    "ray": ("monitor/live/cluster.py", "model_zoo/cluster.py"),
    "torch": (),
    "jax": (),
}
"""Where a library may be imported: folders end in a slash."""

MAY_KNOW = {
    "data": (),
    "model_zoo": ("data",),
    "monitor": ("model_zoo",),
    "app": ("monitor", "model_zoo"),
}
"""What a room may import of the others."""

UNKNOWN_TO = {
    "monitor/domain.py": ("monitor.vision", "monitor.live", "monitor.store", "monitor.insight", "monitor.people"),
    "monitor/vision": ("monitor.insight", "monitor.store", "monitor.live", "monitor.people"),
    "monitor/insight": ("monitor.vision", "monitor.live"),
    "monitor/store": ("monitor.vision", "monitor.live", "monitor.insight"),
    "monitor/people": ("monitor.vision", "monitor.live", "monitor.insight"),
}
"""What a shelf of `monitor` has never heard of."""


def files(*folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


@cache
def imports(path: Path) -> frozenset[str]:
    """Full names of the modules that a file imports, wherever in it; of `from a import b` both `a` and `a.b`."""
    return frozenset(_imports(ast.parse(path.read_text(encoding="utf-8"))))


def _imports(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are written in full"
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def importers(module: str, *folders: str) -> list[str]:
    """Files that import `module` or anything inside it."""
    return [
        str(path.relative_to(ROOT))
        for path in files(*folders)
        if any(name == module or name.startswith(f"{module}.") for name in imports(path))
    ]


def test_the_reader_of_imports_sees_every_kind() -> None:
    source = "import a.b\nfrom c import d\ndef f():\n    import e\n    from g.h import i\n"
    assert set(_imports(ast.parse(source))) == {"a.b", "c", "c.d", "e", "g.h", "g.h.i"}


@pytest.mark.parametrize("library", DOORS)
def test_a_heavy_library_stays_behind_its_door(library: str) -> None:
    strays = [file for file in importers(library, *ROOMS) if not file.startswith(DOORS[library] or "nowhere")]
    assert strays == []


@pytest.mark.parametrize("room", ROOMS)
def test_imports_point_down(room: str) -> None:
    strangers = [other for other in (*ROOMS, "tests") if other != room and other not in MAY_KNOW[room]]
    assert {other: importers(other, room) for other in strangers} == {other: [] for other in strangers}


@pytest.mark.parametrize("shelf", UNKNOWN_TO)
def test_a_shelf_of_monitor_knows_only_what_it_stands_on(shelf: str) -> None:
    paths = files(shelf) or [ROOT / shelf]
    known = {name for path in paths for name in imports(path)}
    assert not [name for name in known if name.startswith(UNKNOWN_TO[shelf])]


def test_only_the_app_and_the_commands_know_the_live_class() -> None:
    knowing = importers("monitor.live", "monitor", "model_zoo", "data")
    assert [file for file in knowing if not file.startswith(("monitor/live/", "monitor/commands/"))] == []


def test_no_file_is_too_long_to_be_read_at_once() -> None:
    lengths = {
        str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines())
        for path in files(*ROOMS, "tests")
    }
    assert {file: length for file, length in lengths.items() if length > LONGEST_FILE} == {}


def test_a_running_dashboard_imports_no_training_library() -> None:
    """All that its pages import: onnxruntime is among it, what trains networks is not."""
    names = {name for path in files("app") for name in imports(path)}
    modules = sorted(name for name in names if (ROOT / name.replace(".", "/")).with_suffix(".py").is_file())
    assert {"app.resources", "app.pages", "app.webrtc", "monitor.live.classroom"} <= set(modules)
    program = (
        f"import sys, {', '.join(modules)}\n"
        "print(sorted({'tensorflow', 'keras', 'torch', 'jax', 'onnx', 'tf2onnx', 'ray'} & set(sys.modules)))\n"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False, cwd=ROOT)
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.strip().splitlines()[-1] == "[]"


def test_a_dashboard_that_makes_no_file_loads_nothing_that_makes_files() -> None:
    modules = sorted(
        ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for path in files("app")
        if path.parent.name != "views" and path.name != "main.py"
    )
    assert {"app.pages", "app.downloads", "app.report_view"} <= set(modules)
    program = (
        f"import sys, {', '.join(modules)}\n"
        "print(sorted({'xlsxwriter', 'matplotlib', 'fpdf', 'fontTools', 'uharfbuzz', 'anyascii'} & set(sys.modules)))\n"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False, cwd=ROOT)
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.strip().splitlines()[-1] == "[]"
