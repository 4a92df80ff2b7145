"""Settings come from what is given, else from the environment, else from their defaults."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from twin.settings import Settings


def test_the_environment_says_what_is_not_given(monkeypatch):
    monkeypatch.setenv("TWIN_PORT", "9000")
    monkeypatch.setenv("twin_grids", "somewhere")  # upper and lower case are the same
    monkeypatch.setenv("TWIN_NOBODY_KNOWS", "this")
    monkeypatch.setenv("PORT", "1")
    settings = Settings(host="::1")
    assert (settings.port, settings.grids, settings.host) == (9000, Path("somewhere"), "::1")
    assert settings.store == "store"


def test_what_is_given_wins(monkeypatch):
    monkeypatch.setenv("TWIN_PORT", "9000")
    assert Settings(port=8001).port == 8001


@pytest.mark.parametrize(("name", "value"), [("TWIN_PORT", "many"), ("TWIN_SERVE_WORKERS", "-1")])
def test_a_wrong_value_names_its_field(monkeypatch, name, value):
    monkeypatch.setenv(name, value)
    with pytest.raises(ValidationError, match=name.removeprefix("TWIN_").lower()):
        Settings()


def test_they_stay_as_they_are():
    with pytest.raises(ValidationError):
        Settings().port = 1
