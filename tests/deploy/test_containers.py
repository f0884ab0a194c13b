"""What compose.yaml and Dockerfile name is there and fits together. Nothing is built here; README says when it was."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.requirements import Requirement

from monitor import settings
from monitor.__main__ import _parser as parser
from tests.missing import missing
from tests.test_architecture import DOORS, imports

ROOT = Path(__file__).resolve().parents[2]
GIVEN = {
    "SCHOOL_HOST": "classroom.test",
    "DATABASE_PASSWORD": "of-the-database",
    "PSEUDONYM_KEY": "of-the-pseudonyms",
    "TURN_SECRET": "of-the-relay",
    "RAY_TOKEN": "of-the-cluster",
    "SCORING": "http://172.28.5.5:8000",
    "CERTIFICATES": "/etc/certificates",
}
"""What whoever runs it writes into .env."""
COMPOSE = (ROOT / "compose.yaml").read_text(encoding="utf-8")
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
VARIABLE = re.compile(r"\$\{(\w+)(?::[?-][^}]*)?\}")
SERVICES: dict[str, Any] = yaml.safe_load(VARIABLE.sub(lambda found: GIVEN[found[1]], COMPOSE))["services"]
DASHBOARD = "172.28.5.3"
IMAGE = "pid {folder}/pid; error_log {folder}/log; events {{}} http {{ include /etc/nginx/conf.d/*.conf; }}"
"""What the image's own nginx.conf does."""


def address_of(service: str) -> str:
    return str(SERVICES[service]["networks"]["inside"]["ipv4_address"])


@pytest.mark.parametrize("name", SERVICES)
def test_each_is_as_narrow_as_it_can_be(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service.get("user") != "root"
    assert "privileged" not in service
    assert "healthcheck" in service or "HEALTHCHECK" in stage(service["build"]["target"])


def test_our_own_images_run_as_nobody_in_particular() -> None:
    for target in ("dashboard", "ray"):
        assert re.findall(r"^USER (\S+)$", stage(target), re.MULTILINE)[-1] == "10001:10001"


def stage(name: str) -> str:
    return re.split(r"^FROM ", DOCKERFILE.split(f" AS {name}\n")[1], flags=re.MULTILINE)[0]


def test_images_of_others_have_a_version() -> None:
    named = [service["image"] for service in SERVICES.values() if "build" not in service]
    named += re.findall(r"^FROM (\S+:\S+) ", DOCKERFILE, re.MULTILINE)
    assert len(named) == 4
    assert [one for one in named if not re.search(r":\d", one)] == []


def test_no_secret_stands_in_the_files() -> None:
    every = COMPOSE + DOCKERFILE
    assert set(VARIABLE.findall(every)) == set(GIVEN)
    secrets = [line for line in every.splitlines() if re.search(r"(?i)(password|secret|_key|:.*@database)", line)]
    assert len(secrets) >= 5
    assert [line for line in secrets if "${" not in line] == []
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    assert next(line for line in ignored if not line.startswith("#")) == "*", "what is not named is left out"
    assert ".env" in (ROOT / ".gitignore").read_text().splitlines()


def test_the_dashboard_understands_its_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in SERVICES["dashboard"]["environment"].items():
        monkeypatch.setenv(name, str(value))
    read = settings.load()
    assert read.database_url == "postgresql+psycopg://classroom:of-the-database@database/classroom"
    assert read.public_url == "https://classroom.test"
    assert read.turn_secret.get_secret_value() == "of-the-relay"
    assert read.scoring == f"http://{address_of('ray')}:8000"


def test_each_finds_the_others() -> None:
    assert address_of("dashboard") == DASHBOARD
    assert SERVICES["dashboard"]["environment"]["FORWARDED_ALLOW_IPS"] == address_of("nginx")
    assert SERVICES["nginx"]["environment"] == {"SCHOOL_HOST": "classroom.test", "DASHBOARD": f"{DASHBOARD}:8501"}
    assert f"--allowed-peer-ip={DASHBOARD}" in SERVICES["coturn"]["command"]
    assert "--static-auth-secret=of-the-relay" in SERVICES["coturn"]["command"]
    assert SERVICES["database"]["environment"]["POSTGRES_PASSWORD"] == "of-the-database"
    assert all(name in SERVICES for service in SERVICES.values() for name in service.get("depends_on", ()))


def test_from_outside_only_what_is_meant_for_it_can_be_reached() -> None:
    opened = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}
    assert opened == {"nginx": ["80:80", "443:443"], "coturn": ["3478:3478/udp", "3478:3478/tcp", "5349:5349/tcp"]}
    nginx, turn = ((ROOT / "deploy" / name).read_text() for name in ("nginx.conf", "turnserver.conf"))
    assert re.findall(r"listen (\d+)", nginx) == ["80", "443"]
    assert re.findall(r"listening-port=(\d+)", turn) == ["3478", "5349"]


def test_what_is_mounted_and_copied_is_there() -> None:
    mounted = [volume.split(":")[0] for service in SERVICES.values() for volume in service.get("volumes", ())]
    assert {place for place in mounted if place.startswith(".")} == {"./deploy"}
    used = set(re.findall(r"/deploy/([\w.-]+)", COMPOSE))
    assert {(ROOT / "deploy" / name).is_file() for name in used} == {True}
    copied = re.findall(r"^COPY (\S+) ", DOCKERFILE, re.MULTILINE)
    kept = [line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")]
    assert {(ROOT / name).exists() for name in copied} == {True}
    assert [name for name in copied if not any(one.split("/")[0] == name for one in kept)] == []


def test_the_image_has_every_library_that_a_dashboard_imports() -> None:
    """And none that trains networks."""
    installed = set(with_what_they_need(requirements_of_the_dashboard()))
    at_hand = metadata.packages_distributions()
    wanted = {name.split(".")[0] for name in own_imports()} & set(at_hand)
    assert {"streamlit", "sqlalchemy", "onnxruntime"} <= wanted
    assert not [name for name in own_imports() if name.split(".")[0] == "data"], "the image has no such folder"
    assert {name for name in wanted if not installed & {plain(one) for one in at_hand[name]}} == set()
    assert installed & {"tensorflow", "tensorflow-cpu", "keras", "torch", "pytest", "playwright"} == set()


def requirements_of_the_dashboard() -> list[Requirement]:
    lines = (ROOT / "requirements.txt").read_text().split("# The model zoo")[0].splitlines()
    assert len(lines) > 15
    assert "'/^# The model zoo/,$d' requirements.txt" in DOCKERFILE
    return [Requirement(line) for line in lines if line and not line.startswith("#")]


def with_what_they_need(wanted: list[Requirement]) -> Iterator[str]:
    todo, known = list(wanted), set[tuple[str, frozenset[str]]]()
    while todo:
        one = todo.pop()
        name, extras = plain(one.name), frozenset(one.extras)
        if (name, extras) in known:
            continue
        known.add((name, extras))
        yield name
        for line in metadata.requires(name) or ():
            needed = Requirement(line)
            if needed.marker is None or any(needed.marker.evaluate({"extra": extra}) for extra in (extras or {""})):
                todo.append(needed)


def plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def own_imports() -> Iterator[str]:
    """All that the dashboard and its commands import, and what is imported with the files of the zoo that they take.
    Machines that score for it have an image of their own."""
    elsewhere = {ROOT / file for file in DOORS["ray"]}
    todo, known = [*ROOT.glob("app/**/*.py"), *ROOT.glob("monitor/**/*.py")], set[Path](elsewhere)
    while todo:
        file = todo.pop()
        if file in known:
            continue
        known.add(file)
        for name in imports(file) if file.parts[len(ROOT.parts)] != "model_zoo" else at_once(file):
            yield name
            ours = ROOT / Path(*name.split(".")).with_suffix(".py")
            if name.startswith(("model_zoo.", "data.")) and ours.is_file():
                todo.append(ours)


def at_once(file: Path) -> Iterator[str]:
    """What is imported with this file, and not first when one of its functions is called."""
    for node in ast.parse(file.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (str(node.module), *(f"{node.module}.{alias.name}" for alias in node.names))


def test_what_each_container_runs_exists() -> None:
    command = ast.literal_eval(re.findall(r"^CMD (\[.*\])$", stage("dashboard"), re.MULTILINE)[0])
    assert command[:4] == ["python", "-m", "streamlit", "run"]
    assert (ROOT / command[4]).is_file()
    scoring = ast.literal_eval(re.findall(r"^CMD (\[.*\])$", stage("ray"), re.MULTILINE)[0])
    assert scoring[:3] == ["python", "-m", "monitor"]
    assert parser().parse_args(scoring[3:]).port == 8000
    assert "--server.port=8501" in command
    assert "EXPOSE 8501" in DOCKERFILE
    assert "http://127.0.0.1:8501/health" in DOCKERFILE


def test_nginx_accepts_what_its_container_makes_of_the_shipped_files(tmp_path: Path) -> None:
    program = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if program is None:
        missing("no nginx was found; on Debian `apt-get install nginx-light`")
    image = tmp_path / "of-the-image.conf"
    image.write_text(IMAGE.format(folder=tmp_path))
    script = ["sh", str(ROOT / "deploy" / "nginx-in-a-container.sh"), str(image), str(tmp_path)]
    subprocess.run(script, check=True, env={**SERVICES["nginx"]["environment"], "PATH": "/usr/bin:/bin"})
    folder = tmp_path / "conf.d"
    assert sorted(file.name for file in folder.iterdir()) == ["classroom-one.conf", "classroom.conf"]
    made = (folder / "classroom.conf").read_text()
    assert made.count("server_name classroom.test;") == 2
    assert "school.example" not in made
    assert "/var/log" not in made
    assert f"server {DASHBOARD}:8501;" in (folder / "classroom-one.conf").read_text()
    check(program, tmp_path, made)


def test_an_image_whose_nginx_reads_another_folder_is_told(tmp_path: Path) -> None:
    image = tmp_path / "of-the-image.conf"
    image.write_text("events {} http { include /etc/nginx/servers/*.conf; }")
    script = ["sh", str(ROOT / "deploy" / "nginx-in-a-container.sh"), str(image), str(tmp_path)]
    variables = {**SERVICES["nginx"]["environment"], "PATH": "/usr/bin:/bin"}
    told = subprocess.run(script, env=variables, capture_output=True, text=True, check=False)
    assert told.returncode == 1
    assert "includes no /etc/nginx/conf.d/" in told.stderr


def test_nothing_is_mounted_where_the_images_users_could_not_write() -> None:
    open_to_all = {"/tmp", "/var/run/postgresql"}  # a mount has the rights of the folder below it
    assert {path for service in SERVICES.values() for path in service.get("tmpfs", [])} <= open_to_all


def check(program: str, folder: Path, made: str) -> None:
    """Raises CalledProcessError where nginx would not start with these files."""
    from tests.browser.proxy import certify

    certify(folder, "classroom.test")
    own = made.replace("/etc/ssl/classroom/", f"{folder}/").replace("/dev/std", f"{folder}/std")
    (folder / "conf.d" / "classroom.conf").write_text(own)
    subprocess.run([program, "-t", "-c", str(folder / "nginx.conf")], check=True, capture_output=True)
