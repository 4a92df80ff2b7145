"""Where to look is said when a service starts: here, and from a phone beside it."""

import pytest

import api.serving
import api.worker
from twin.settings import Settings


class Probe:
    """A socket of a machine whose address in its network is `own`; None: it is in none."""

    own: str | None = None

    def __init__(self, *_: object) -> None:
        pass

    def __enter__(self) -> "Probe":
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def connect(self, _: object) -> None:
        if self.own is None:
            raise OSError("Network is unreachable")

    def getsockname(self) -> tuple[str | None, int]:
        return self.own, 40_000


@pytest.mark.parametrize(
    ("host", "own", "said"),
    [
        ("0.0.0.0", "192.168.178.20", "Phones and other machines here → http://192.168.178.20:8599/"),
        ("::", "10.0.0.7", "http://10.0.0.7:8599/"),
        ("0.0.0.0", None, None),
        ("0.0.0.0", "127.0.1.1", None),
        ("127.0.0.1", "192.168.178.20", None),
    ],
)
def test_other_machines_are_told_their_address(
    host: str,
    own: str | None,
    said: str | None,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(Probe, "own", own)
    monkeypatch.setattr(api.serving, "socket", Probe)
    monkeypatch.setattr(api.serving, "check_port", lambda _: None)
    monkeypatch.setattr(api.worker, "answer", lambda _, announce: announce())
    api.serving.serve(Settings(store="memory://", host=host, port=8599, serve_workers=1), "Stadt")
    lines = capsys.readouterr().out.strip().splitlines()
    assert lines[-1] == "Stadt → http://localhost:8599/   (Ctrl+C ends it)"
    assert (len(lines) == 2 and said in lines[0]) if said else len(lines) == 1
