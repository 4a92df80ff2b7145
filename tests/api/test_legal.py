"""Imprint and privacy policy: the pages of the operator, linked from ours; nothing where none is told."""

from typing import Any

import pytest
from pydantic import ValidationError

from twin.settings import Settings

IMPRINT, POLICY = "https://www.dorf.example/impressum?a=1&b=2", "https://www.dorf.example/datenschutz"


@pytest.fixture(scope="module")
def told(client_of: Any, filled: Any) -> Any:
    return client_of(filled, imprint=IMPRINT, privacy_policy=POLICY)


@pytest.mark.parametrize("path", ["/", "/accessibility"])
@pytest.mark.parametrize(
    ("register", "imprint"), [("de", "Impressum"), ("en", "Imprint"), ("ls", "Wer macht diese Seite?")]
)
def test_pages_link_to_what_the_operator_told(told: Any, path: str, register: str, imprint: str) -> None:
    text = told(f"{path}?lang={register}").text
    assert f'<a href="https://www.dorf.example/impressum?a=1&amp;b=2">{imprint}</a>' in text
    assert f'<a href="{POLICY}">' in text
    assert (f'privacy="{POLICY}"' in text) == ("<city-twin page" in text)


@pytest.mark.parametrize("path", ["/", "/accessibility"])
def test_nothing_is_linked_where_nothing_was_told(ask: Any, path: str) -> None:
    text = ask(path).text
    assert "Impressum" not in text
    assert "imprint=" not in text


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "impressum", 'https://a.example/"><script>', "https://"]
)
def test_what_is_no_address_of_the_web_is_refused(address: str) -> None:
    with pytest.raises(ValidationError):
        Settings(imprint=address)
