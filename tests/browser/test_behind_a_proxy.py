"""The dashboard behind the nginx of deploy/, with a certificate of its own making."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from app.headers import ALWAYS, HTTPS_ONLY
from app.signed_in import COOKIE
from tests.browser import database
from tests.browser.people import Student, Teacher
from tests.browser.proxy import DEPLOY, Nginx, client, trusting
from tests.browser.server import ROOT, Server

SCHOOL, HOME = "127.0.0.2", "127.0.0.3"
"""Addresses from which a client can knock here, and which nobody takes for the proxy's."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with Server(tmp_path_factory.mktemp("dashboard"), listens="127.0.0.1") as started:
        yield started


@pytest.fixture(scope="module", autouse=True)
def nginx(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nginx]:
    dashboard = {"127.0.0.1:8501": f"127.0.0.1:{server.port}"}
    with Nginx(tmp_path_factory.mktemp("nginx"), "nginx-one.conf", dashboard) as started:
        server.address = started.address
        yield started


def sign_in(here: httpx.Client, name: str, password: str = "three wrong words") -> httpx.Response:
    origin = {"Sec-Fetch-Site": "same-origin"}
    return here.post("/sign-in", data={"name": name, "password": password}, headers=origin)


def test_a_camera_behind_https_reaches_the_database(
    server: Server, teacher: Teacher, student: Callable[..., Student]
) -> None:
    code = teacher.start_lesson("Fractions")
    assert teacher.page.evaluate("isSecureContext && location.protocol") == "https:"
    teacher.sees(f"{server.address}/?join={code}")
    ada = student(phone=True)
    ada.join(code, "Ada")
    database.wait_for(server, "Ada", time.time())
    teacher.watch()
    teacher.sees_student("Ada", "face")


def test_plain_http_leads_to_https(nginx: Nginx) -> None:
    answer = httpx.get(f"{nginx.plain}/?join=K7TM-4N2B")
    assert (answer.status_code, answer.headers["Location"]) == (301, "https://localhost/?join=K7TM-4N2B")


def test_the_cookie_travels_by_https_only(nginx: Nginx) -> None:
    answer = sign_in(client(nginx, "127.0.0.9"), "teacher", "four words in a row")
    assert answer.status_code == 303
    assert {"Secure", "HttpOnly", "SameSite=strict"} <= set(answer.headers["Set-Cookie"].split("; "))
    assert answer.headers["Set-Cookie"].startswith(COOKIE)


@pytest.mark.parametrize("path", ["/", "/sign-in", "/_stcore/health"])
def test_each_security_header_comes_once(nginx: Nginx, path: str) -> None:
    answer = client(nginx, SCHOOL).get(path)
    for name in (*ALWAYS, "Strict-Transport-Security"):
        assert len(answer.headers.get_list(name)) == 1, name
    assert answer.headers["Strict-Transport-Security"] == HTTPS_ONLY
    assert answer.headers["Server"] == "nginx"


def test_guessing_slows_down_the_client_and_not_the_proxy(nginx: Nginx) -> None:
    guesses = [sign_in(client(nginx, SCHOOL), f"name {number}").status_code for number in range(6)]
    assert guesses == [401, 401, 401, 401, 429, 429]
    assert sign_in(client(nginx, HOME), "name 0").status_code == 401


def test_a_client_cannot_say_that_it_is_another(nginx: Nginx) -> None:
    address = "127.0.0.4"
    told = [
        {"X-Forwarded-For": f"192.0.2.{number}", "Forwarded": f"for=192.0.2.{number}", "X-Real-IP": f"192.0.2.{number}"}
        for number in range(5)
    ]
    guesses = [
        sign_in(client(nginx, address, headers), f"name of {number}").status_code for number, headers in enumerate(told)
    ]
    assert guesses == [401, 401, 401, 401, 429]


def test_whoever_goes_past_the_proxy_is_not_believed(server: Server) -> None:
    """The dashboard believes its own machine only."""
    transport = httpx.HTTPTransport(local_address="127.0.0.5")
    direct = httpx.Client(base_url=f"http://127.0.0.1:{server.port}", transport=transport)
    answer = direct.get("/sign-in", headers={"X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.1"})
    assert "Strict-Transport-Security" not in answer.headers
    guesses = []
    for number in range(5):
        direct.headers["X-Forwarded-For"] = f"192.0.2.{number}"
        guesses.append(sign_in(direct, f"direct {number}").status_code)
    assert guesses[-1] == 429


def test_uploads_are_as_large_as_the_dashboards(nginx: Nginx) -> None:
    said = (ROOT / ".streamlit" / "config.toml").read_text()
    assert "maxUploadSize = 500\n" in said
    assert "client_max_body_size 501m;" in (DEPLOY / "nginx.conf").read_text()
    assert announced(nginx, "/_stcore/upload_file/session/file", 502 * 2**20) == 413
    assert announced(nginx, "/sign-in", 2 * 2**20) == 413


def test_through_the_proxy_everybody_learns_the_health_and_nobody_the_figures(nginx: Nginx) -> None:
    assert client(nginx, SCHOOL).get("/health").status_code == 200
    assert client(nginx, "127.0.0.1").get("/metrics").status_code == 401


def announced(nginx: Nginx, path: str, length: int) -> int:
    """The status of the answer to a body that is said to be so long, before any of it was sent."""
    port = int(nginx.address.rsplit(":", 1)[1])
    with socket.create_connection(("127.0.0.1", port), 10) as plain, trusting().wrap_socket(plain) as wrapped:
        wrapped.sendall(f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {length}\r\n\r\n".encode())
        return int(wrapped.recv(100).split()[1])


def test_what_passes_through_is_not_written_to_the_proxys_disk(nginx: Nginx) -> None:
    """A file that nginx made and removed again would show in the times of its folders."""
    folders = [nginx.folder / "bodies", nginx.folder / "answers"]
    before = [folder.stat().st_mtime_ns for folder in folders]
    answer = client(nginx, SCHOOL).put("/_stcore/upload_file/session/file", content=b"x" * 8 * 2**20)
    assert 400 <= answer.status_code < 500, "no session of this name, says the dashboard"
    with client(nginx, SCHOOL).stream("GET", largest_static(nginx)) as slow:
        time.sleep(0.5)  # so that more of the answer waits than fits into memory
        assert len(slow.read()) > 2**20
    assert [folder.stat().st_mtime_ns for folder in folders] == before


def largest_static(nginx: Nginx) -> str:
    """The path of a file of Streamlit's that is larger than nginx's buffers."""
    import streamlit

    static = Path(streamlit.__file__).parent / "static"
    largest = max((file for file in static.rglob("*") if file.is_file()), key=lambda file: file.stat().st_size)
    return "/" + str(largest.relative_to(static))


def test_no_secret_of_an_address_is_logged(nginx: Nginx, server: Server) -> None:
    here = client(nginx, SCHOOL)
    here.get("/?join=K7TM-4N2B&seat=the-seats-secret", headers={"Referer": "https://localhost/?seat=the-seats-secret"})
    here.get("/invitation?token=the-links-secret")
    here.get("/media/the-files-secret.csv")
    server.stop()
    try:
        assert here.get("/?seat=the-seats-secret").status_code == 502
    finally:
        server.start()
    assert "GET /invitation " in nginx.logs
    assert [word for word in ("secret", "K7TM") if word in nginx.logs] == []
