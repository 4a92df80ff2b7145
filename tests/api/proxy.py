"""Real nginx with the configuration that we ship."""

import os
import shutil
import socket
import subprocess
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

from twin.settings import ROOT

SHIPPED = ROOT / "deploy" / "nginx" / "stadtzwilling.conf"


def binary():
    """Where nginx is; brought if it can be. Who may install it and has none, fails."""
    places = f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin"
    if shutil.which("nginx", path=places) is None:
        subprocess.run([ROOT / "deploy" / "nginx.sh"], check=False)
    found = shutil.which("nginx", path=places)
    if found is None and os.geteuid() == 0:
        pytest.fail("nginx is missing; deploy/nginx.sh could not install it")
    if found is None:
        pytest.skip("nginx is missing; install it with your package manager (`apt install nginx-light`)")
    return found


def configured(folder, port, backend, public, **more):
    """The shipped configuration with what an operator corrects in it, and nothing else changed."""
    text = SHIPPED.read_text("utf-8")
    corrected = {
        "listen 80;": f"listen 127.0.0.1:{port};",
        "server 127.0.0.1:8000;": f"server 127.0.0.1:{backend};",
        "/srv/twin/public": str(public),
        "/var/log/nginx/twin-error.log": f"{folder}/error.log",
        **more,
    }
    for old, new in corrected.items():
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    temporary = "".join(f"{name}_temp_path {folder}/{name};\n" for name in ("proxy", "client_body"))
    (folder / "site.conf").write_text(text, "utf-8")
    (folder / "nginx.conf").write_text(
        f"daemon off; master_process off; pid {folder}/pid; error_log {folder}/start.log;\n"
        f"events {{ worker_connections 512; }}\nhttp {{ {temporary} include {folder}/site.conf; }}\n",
        "utf-8",
    )
    return folder / "nginx.conf"


@contextmanager
def proxied(folder: Path, port, backend, public, **more):
    """nginx before a service."""
    folder.mkdir(exist_ok=True)
    path = configured(folder, port, backend, public, **more)
    process = subprocess.Popen([binary(), "-c", path, "-p", folder], stderr=subprocess.PIPE)
    try:
        while process.poll() is None:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.02)
        assert process.poll() is None, process.stderr.read()
        yield
    finally:
        process.terminate()
        process.communicate(timeout=60)
