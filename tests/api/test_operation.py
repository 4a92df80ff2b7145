"""What the pages for operators name is there."""

import re
import socket

import pytest

from api.serving import serve
from twin.errors import TwinError
from twin.settings import ROOT, Settings

PAGES = ["docs/operation.md", "deploy/README.md", "docs/server.md", "deploy/stadtzwilling.env"]


@pytest.mark.parametrize("page", PAGES)
def test_settings_are_those_that_there_are(page):
    named = set(re.findall(r"TWIN_([A-Z_]+[A-Z])", (ROOT / page).read_text("utf-8")))
    assert named
    assert {name.lower() for name in named} <= set(Settings.model_fields)


def test_metrics_are_those_that_there_are(ask):
    named = set(re.findall(r"`((?:twin|process)_[a-z_]+)", (ROOT / PAGES[0]).read_text("utf-8")))
    assert named
    for _ in range(2):  # the first one is counted once it has been answered
        text = ask("/ops/metrics").text
    assert named <= set(re.findall(r"^# TYPE (\w+)", text, re.MULTILINE))


def test_addresses_are_answered(ask):
    for path in set(re.findall(r"`(/(?:ops|store)/[a-z./]+)`", (ROOT / PAGES[0]).read_text("utf-8"))):
        if not path.endswith("/"):
            assert ask(path).status_code == 200 or path.startswith("/store"), path


def test_options_of_twin_serve_are_those_that_there_are():
    import inspect

    from api.cli import serve

    text = (ROOT / PAGES[0]).read_text("utf-8")
    lines = [line for line in text.splitlines() if "twin serve" in line]
    options = {option for line in lines for option in re.findall(r"--([a-z]+)", line)}
    assert options == {"store", "workers"}
    assert options <= set(inspect.signature(serve).parameters)


def test_the_readme_s_addresses_are_answered(ask):
    table = (ROOT / "README.md").read_text("utf-8").partition("| address | what |")[2].partition("\n\n")[0]
    addresses = [found for row in table.splitlines() for found in re.findall(r"`(/[^`]*)`", row)]
    assert len(addresses) >= 8
    for path in addresses:
        assert ask(path.replace("demo.", "probe."), "HEAD").status_code == 200, path


def test_a_folder_for_nginx_without_a_store_in_a_folder_is_refused_before_any_worker_starts(tmp_path):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    settings = Settings(store="s3://twin/my-town", public=tmp_path, port=port, serve_workers=2)
    with pytest.raises(TwinError, match="TWIN_PUBLIC needs a store in a folder; leave it out"):
        serve(settings, "Twin")
