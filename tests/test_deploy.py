"""The units and the page about a server say what there is: commands, options, folders, files."""

import inspect
import re
import shlex
import shutil
import subprocess
from configparser import ConfigParser
from pathlib import Path

import pytest

from api.cli import app
from twin.settings import ROOT

DEPLOY = ROOT / "deploy"
UNITS = sorted(DEPLOY.glob("*.service"))
PAGE = (ROOT / "docs/server.md").read_text("utf-8")
LINES = [line for block in re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL) for line in block.splitlines()]
SETTINGS = dict(re.findall(r"^(\w+)=(.*)$", (DEPLOY / "stadtzwilling.env").read_text("utf-8"), re.MULTILINE))


def unit(file: Path) -> ConfigParser:
    """A unit, read."""
    parser = ConfigParser(interpolation=None, strict=False)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(file, "utf-8")
    return parser


@pytest.mark.parametrize("file", UNITS, ids=lambda file: file.stem)
def test_a_unit_starts_a_command_with_options_that_there_are(file: Path) -> None:
    program, name, *rest = shlex.split(unit(file)["Service"]["ExecStart"])
    assert program == "/opt/stadtzwilling/.venv/bin/twin"
    commands = {each.callback.__name__: each.callback for each in app.registered_commands if each.callback}
    taken = set(inspect.signature(commands[name]).parameters)
    assert {word[2:] for word in rest if word.startswith("--")} <= taken
    assert all(word.strip("${}") in SETTINGS for word in rest if word.startswith("$"))


def complaints(text: str, file: Path) -> list[str]:
    """What systemd says of a unit; what it says of the machine's other units is not ours."""
    if shutil.which("systemd-analyze") is None:
        pytest.skip("no systemd here")
    text = text.replace("/opt/stadtzwilling/.venv/bin/twin", "/bin/true").replace("User=twin", "User=root")
    file.write_text(text, "utf-8")
    done = subprocess.run(["systemd-analyze", "verify", file], capture_output=True, text=True, timeout=60)
    return [line for line in done.stderr.splitlines() if file.name in line]


@pytest.mark.parametrize("file", UNITS, ids=lambda file: file.stem)
def test_systemd_understands_a_unit(file: Path, tmp_path: Path) -> None:
    text = file.read_text("utf-8")
    assert complaints(text, tmp_path / file.name) == []
    assert complaints(text.replace("ProtectHome=", "ProtectHouse="), tmp_path / file.name) != []


def test_the_small_unit_writes_only_where_it_may() -> None:
    service = unit(DEPLOY / "stadtzwilling.service")["Service"]
    own = f"/var/lib/{service['StateDirectory']}"
    text = (DEPLOY / "stadtzwilling.service").read_text("utf-8")
    store = shlex.split(service["ExecStart"])[shlex.split(service["ExecStart"]).index("--store") + 1]
    (grids,) = re.findall(r"^Environment=TWIN_GRIDS=(.*)$", text, re.MULTILINE)
    assert service["ProtectSystem"] == "strict"
    assert store == own
    assert Path(grids).is_relative_to(own)


def test_what_nginx_reads_is_what_the_service_fills() -> None:
    text = (DEPLOY / "nginx/stadtzwilling.conf").read_text("utf-8")
    assert f"set $twin_public {SETTINGS['TWIN_PUBLIC']};" in text
    assert SETTINGS["TWIN_PUBLIC_URL"].removeprefix("https://").upper() in text
    for name in ("stadtzwilling-serve", "stadtzwilling-work"):
        service = unit(DEPLOY / f"{name}.service")["Service"]
        assert "DynamicUser" not in service
        assert SETTINGS["TWIN_PUBLIC"].startswith(service["ReadWritePaths"] + "/")
        assert SETTINGS["TWIN_STORE"].startswith(service["ReadWritePaths"] + "/")
        assert SETTINGS["TWIN_GRIDS"].startswith(service["ReadWritePaths"] + "/")


def test_the_page_s_files_and_services_are_there() -> None:
    files = {
        found for line in LINES for found in re.findall(r"/opt/stadtzwilling/((?:deploy|ingest)/\S+)", line)
    }
    assert len(files) >= 5
    assert [name for name in files if not (ROOT / name).exists()] == []
    services = {word for line in LINES for word in re.findall(r"stadtzwilling-[a-z]+", line)}
    assert services == {file.stem for file in UNITS if "-" in file.stem}


def test_backup_and_restore_name_each_folder_of_the_settings() -> None:
    (backup,) = [line for line in LINES if line.startswith("tar --zstd -cf")]
    for name in ("TWIN_STORE", "CITY"):
        assert any(SETTINGS[name].startswith(f"/{word}") for word in shlex.split(backup) if word[0] != "-")
    assert "etc/stadtzwilling.env" in backup
