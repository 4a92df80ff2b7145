"""Leichte Sprache: the rules of it that can be measured, for texts that a recipe states."""

import re
from collections.abc import Iterator

from pydantic import BaseModel

from twin.base import Text

_MOST_LETTERS = 13
_MOST_WORDS = 12
_WORD = re.compile(r"[^\W\d_]{1,100}")
_SENTENCE = re.compile(r"[.!?:]\s")
_GENITIVE = re.compile(
    r"\b([Dd]es|[Ee]ines|[Kk]eines|[Dd]ieses|[Dd]eren|[Dd]essen|[Tt]rotz|wegen)\b"
)  # Wegen: of ways
_PASSIVE = re.compile(r"\b(wird|werden|wurden?|worden)\b", re.IGNORECASE)
_SHORT = re.compile(r"\b(z\. ?B|u\. ?a|d\. ?h|ca|bzw|usw|etc|ggf|inkl)\.", re.IGNORECASE)
_SIGN = re.compile(r"[()\[\]{};§%&„“«»…–—/]")
_RULES = (
    (_GENITIVE, "is in the genitive; write with von, or in two sentences"),
    (_PASSIVE, "is passive or in the future; say who does it, and now"),
    (_SHORT, "has a short form; write it out"),
    (_SIGN, "has a sign that one has to know; write it in words"),
)

Fault = tuple[list[str], str]


def hard(noun: BaseModel) -> Iterator[Fault]:
    """What is hard to read in the texts of a layer or a city: (path of the key, words with the remedy)."""
    for name in type(noun).model_fields:
        for path, text in _texts(getattr(noun, name), [name]):
            yield from ((path, words) for words in faults(text))


def _texts(value: object, path: list[str]) -> Iterator[tuple[list[str], str]]:
    """Texts in Leichte Sprache within a value; not those of a city's layers, which have their own files."""
    if isinstance(value, Text):
        if value.ls is not None:
            yield [*path, "ls"], value.ls
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from _texts(getattr(value, name), [*path, name])
    elif isinstance(value, tuple) and path != ["layers"]:
        for number, each in enumerate(value):
            yield from _texts(each, [*path, str(number)])


def faults(text: str) -> Iterator[str]:
    """What is against the rules in a text, with the remedy; nothing where it keeps them."""
    if not text.strip():
        yield "is empty; remove it, then the German text stands there"
    for word in _WORD.findall(text):
        if len(word) > _MOST_LETTERS:
            yield f"has a long word, {word}; part it with a hyphen, as in Bau-Stelle"
    for pattern, words in _RULES:
        if pattern.search(text):
            yield words
    longest = max(len(_WORD.findall(sentence)) for sentence in _SENTENCE.split(text))
    if longest > _MOST_WORDS:
        yield f"has a sentence of {longest} words; make two of it"
