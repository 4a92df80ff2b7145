import shutil
import ssl
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import httpx
import pytest

from ingest.certificates import certificate_for, showing
from ingest.fetch import Fetch
from ingest.waiting import NEVER
from twin.errors import SourceDown, SourceRefused
from twin.settings import Settings

OPENSSL = shutil.which("openssl")


@pytest.fixture(scope="module")
def pem(tmp_path_factory):
    """A certificate of localhost with its key, which signs itself."""
    if OPENSSL is None:
        pytest.skip("openssl is missing; install it with your package manager")
    folder = tmp_path_factory.mktemp("pem")
    how = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost"
    more = "-addext subjectAltName=DNS:localhost -keyout key -out cert"
    subprocess.run([OPENSSL, *how.split(), *more.split()], check=True, capture_output=True, cwd=folder)
    (folder / "localhost.pem").write_bytes((folder / "cert").read_bytes() + (folder / "key").read_bytes())
    return folder / "localhost.pem"


@pytest.fixture
def server(pem, monkeypatch):
    """It answers only who shows the certificate; its own is trusted for the test."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"ok")

        def log_message(self, format, *args):
            pass

    class Quiet(HTTPServer):
        def handle_error(self, request, client_address):
            pass

    usual = httpx.create_ssl_context

    def trusting(*args, **more):
        context = usual(*args, **more)
        context.load_verify_locations(pem)
        return context

    monkeypatch.setattr(httpx, "create_ssl_context", trusting)
    monkeypatch.setattr("httpx._transports.default.create_ssl_context", trusting)
    web = Quiet(("127.0.0.1", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    context.load_verify_locations(pem)
    context.verify_mode = ssl.CERT_REQUIRED
    web.socket = context.wrap_socket(web.socket, server_side=True)
    thread = threading.Thread(target=web.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield f"https://localhost:{web.server_address[1]}/"
    web.shutdown()
    web.server_close()
    thread.join()


def ask(url, folder):
    settings = Settings(certificates=folder)
    with Fetch(settings, trusted=True, waiting=NEVER, resolve=lambda host, port: ["127.0.0.1"]) as fetch:
        return fetch.get(url).data


def test_who_shows_the_certificate_is_answered(server, pem):
    assert ask(server, pem.parent) == b"ok"
    with pytest.raises(SourceDown, match="cannot be reached"):
        ask(server, None)


def test_each_host_has_its_own_and_only_over_tls(tmp_path):
    (tmp_path / "mobilithek.info.pem").write_text("x")
    (tmp_path.parent / "up.pem").write_text("x")
    assert certificate_for(tmp_path, "https://mobilithek.info:8443/a") == tmp_path / "mobilithek.info.pem"
    assert certificate_for(tmp_path, "https://MOBILITHEK.info/a") == tmp_path / "mobilithek.info.pem"
    assert certificate_for(None, "https://mobilithek.info/a") is None
    for other in (
        "http://mobilithek.info/",
        "https://evil.example/",
        "https://x.mobilithek.info/",
        "https://../up",
    ):
        assert certificate_for(tmp_path, other) is None


@pytest.mark.parametrize("text", ["", "no certificate"])
def test_a_file_that_is_none_is_refused_with_its_name(tmp_path, text):
    (tmp_path / "a.pem").write_text(text)
    with pytest.raises(SourceRefused, match=r"a\.pem cannot be used"):
        showing(tmp_path / "a.pem")


def test_a_locked_key_is_refused_and_nobody_is_asked_for_a_password(pem, tmp_path):
    locked = subprocess.run(
        [OPENSSL, "ec", "-in", pem.parent / "key", "-aes128", "-passout", "pass:secret"],
        check=True,
        capture_output=True,
    )
    (tmp_path / "a.pem").write_bytes((pem.parent / "cert").read_bytes() + locked.stdout)
    with pytest.raises(SourceRefused, match="without a password"):
        showing(tmp_path / "a.pem")
