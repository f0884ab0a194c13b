"""The nginx of deploy/ as a process of the tests: the shipped files, with other names, ports and places in them."""

from __future__ import annotations

import shutil
import ssl
import subprocess
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType

import httpx

from tests.browser.server import ROOT, free_port
from tests.missing import missing
from tests.waiting import wait_until

DEPLOY = ROOT / "deploy"
HOST = "classroom.school.example"
MAIN = """
daemon off;
worker_processes 1;
user root;
pid {folder}/nginx.pid;
error_log {folder}/main.log;
events {{ worker_connections 512; }}
http {{
    include /etc/nginx/mime.types;
    client_body_temp_path {folder}/bodies;
    proxy_temp_path {folder}/answers;
    fastcgi_temp_path {folder}/unused;
    uwsgi_temp_path {folder}/unused;
    scgi_temp_path {folder}/unused;
    include {folder}/shipped-*.conf;
}}
"""


class Nginx:
    """Serves https at `address` and http at `plain`. Use it as a context manager."""

    def __init__(self, folder: Path, upstreams: str, dashboards: Mapping[str, str], host: str = "localhost") -> None:
        """`upstreams`: the file of deploy/ that says who answers; `dashboards`: its addresses, and those of here."""
        self.folder, self.host = folder, host
        https, http = free_port(), free_port()
        self.address, self.plain = f"https://{host}:{https}", f"http://{host}:{http}"
        self._process: subprocess.Popen[bytes] | None = None
        certify(folder, host)
        changes = {
            "listen 80;": f"listen {http};",
            "listen 443 ": f"listen {https} ",
            f"server_name {HOST};": f"server_name {host};",
            "/etc/ssl/classroom/": f"{folder}/",
            "/var/log/nginx/": f"{folder}/",
        }
        (folder / "nginx.conf").write_text(MAIN.format(folder=folder))
        (folder / "shipped-nginx.conf").write_text(rendered("nginx.conf", changes))
        (folder / f"shipped-{upstreams}").write_text(rendered(upstreams, dashboards))

    @property
    def logs(self) -> str:
        return "".join(file.read_text() for file in sorted(self.folder.glob("*.log")))

    def __enter__(self) -> Nginx:
        program = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
        if program is None:
            missing("no nginx was found; on Debian `apt-get install nginx-light`")
        command = [program, "-p", str(self.folder), "-c", str(self.folder / "nginx.conf")]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_until(self._answers, 10)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait(10)

    def _answers(self) -> bool:
        assert self._process is not None
        if self._process.poll() is not None:
            raise RuntimeError(f"nginx ended with {self._process.returncode}:\n{self.logs}")
        try:
            return httpx.get(self.plain, timeout=1).status_code == 301
        except httpx.TransportError:
            return False


def client(nginx: Nginx, address: str, headers: Mapping[str, str] | None = None) -> httpx.Client:
    """Whoever knocks from this address of ours; 127.0.0.2 is as good as another machine."""
    transport = httpx.HTTPTransport(local_address=address, verify=False)
    return httpx.Client(base_url=nginx.address.replace("localhost", "127.0.0.1"), transport=transport, headers=headers)


def rendered(name: str, changes: Mapping[str, str]) -> str:
    """A file of deploy/ with these words in place of others, each of which has to be in it."""
    text = (DEPLOY / name).read_text(encoding="utf-8")
    for shipped, own in changes.items():
        if shipped not in text:
            raise ValueError(f"deploy/{name} has no {shipped!r} any more")
        text = text.replace(shipped, own)
    return text


def certify(folder: Path, host: str) -> None:
    """Writes cert.pem and key.pem, which nobody has signed."""
    name = f"IP:{host}" if host.replace(".", "").isdecimal() else f"DNS:{host}"
    key = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -keyout key.pem -out cert.pem"
    whose = ("-subj", f"/CN={host}", "-addext", f"subjectAltName={name}")
    subprocess.run(["openssl", *key.split(), *whose], cwd=folder, check=True, capture_output=True)


def trusting() -> ssl.SSLContext:
    """Takes a certificate that nobody signed."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context
