"""CQL2 (21-065r2): advanced comparisons, and comparisons without case and without accents."""

import unicodedata

import pytest

from tests.abstract import named
from tests.abstract.cql2 import instant, logical, matching, same, typed

advanced = named.of("cql2/1.0/conf/advanced-comparison-operators")
casei = named.of("cql2/1.0/conf/case-insensitive-comparison")
accenti = named.of("cql2/1.0/conf/accent-insensitive-comparison")
START, END = "2025-10-02T12:00:00Z", "2025-12-11T12:00:00Z"


def plain(text: str) -> str:
    """Without accents; ø is an o with a stroke, as the annex has it."""
    bare = text.replace("ø", "o").replace("Ø", "O").replace("ß", "ss").replace("Å", "A")
    return "".join(c for c in unicodedata.normalize("NFD", bare) if not unicodedata.combining(c))


def both(text: str) -> str:
    return plain(text.casefold()).casefold()


def starts(text, start):
    return None if text is None else text.startswith(start)


def when(change, name):
    """A name changed, None if there is none."""
    return None if name is None else change(name)


ADVANCED = {
    "name LIKE 'B_r%'": lambda r: r["name"] in ("Berlin", "Bern", "Birmingham"),
    "name NOT LIKE 'B_r%'": lambda r: r["name"] not in (None, "Berlin", "Bern", "Birmingham"),
    "name LIKE '100\\% %'": lambda r: r["name"] == "100% Steigung",
    "name LIKE '\\_'": lambda r: r["name"] == "_",
    "lanes BETWEEN 1 AND 2": lambda r: r["lanes"] in (1, 2),
    "lanes NOT BETWEEN 1 AND 2": lambda r: r["lanes"] in (0, 3),
    "width_m between 3.5 and 6": lambda r: 3.5 <= r["width_m"] <= 6,
    "width_m between 6 and 3.5": lambda r: False,
    f"valid_from BETWEEN TIMESTAMP('{START}') AND TIMESTAMP('{END}')": lambda r: (
        instant(START) <= r["valid_from"] <= instant(END)
    ),
    "name IN ('Kiev','kobenhavn','Berlin','athens','foo')": lambda r: r["name"] in ("Kiev", "Berlin"),
    "name NOT IN ('Kiev','kobenhavn','Berlin','athens','foo')": lambda r: (
        r["name"] not in (None, "Kiev", "Berlin")
    ),
    "speed_limit_kmh in (30,2,7)": lambda r: r["speed_limit_kmh"] in (30, 2),
    "speed_limit_kmh not in (30,2,7)": lambda r: r["speed_limit_kmh"] not in (30, 2),
    f"valid_from in (TIMESTAMP('{START}'),TIMESTAMP('{END}'))": lambda r: (
        r["valid_from"] in (instant(START), instant(END))
    ),
    "oneway in (true)": lambda r: r["oneway"] is True,
    "oneway not in (false)": lambda r: r["oneway"] is True,
}
CASEI = {
    "CASEI(name)=casei('KIEV')": lambda r: r["name"] == "Kiev",
    "CASEI(name)=casei('kiev')": lambda r: r["name"] == "Kiev",
    "CASEI(name)=casei('københavn')": lambda r: r["name"] == "København",
    "CASEI(name)=casei('KØBENHAVN')": lambda r: r["name"] == "København",
    "CASEI(name)=casei('ZÜRICH')": lambda r: r["name"] in ("Zürich", "zürich"),
    "CASEI(name)<>casei('ZÜRICH')": lambda r: r["name"] not in (None, "Zürich", "zürich"),
    "CASEI(name) LIKE casei('B_R%')": lambda r: r["name"] in ("Berlin", "Bern", "Birmingham"),
    "CASEI(name) LIKE casei('b_r%')": lambda r: r["name"] in ("Berlin", "Bern", "Birmingham"),
    "CASEI(name) IN (casei('Kiev'), casei('kobenhavn'), casei('Berlin'), casei('foo'))": lambda r: (
        r["name"] in ("Kiev", "Berlin")
    ),
}
ACCENTI = {
    "ACCENTI(name)=accenti('København')": lambda r: r["name"] == "København",
    "ACCENTI(name)=accenti('Kobenhavn')": lambda r: r["name"] == "København",
    "ACCENTI(name)=accenti('Zurich')": lambda r: r["name"] == "Zürich",
    "ACCENTI(name)=accenti('Kiev')": lambda r: r["name"] == "Kiev",
    "ACCENTI(CASEI(name))=accenti(casei('KØBENHAVN'))": lambda r: r["name"] == "København",
    "ACCENTI(CASEI(name))=accenti(casei('KOBENHAVN'))": lambda r: r["name"] == "København",
    "ACCENTI(CASEI(name))=accenti(casei('zurich'))": lambda r: r["name"] in ("Zürich", "zürich"),
    "ACCENTI(name) LIKE accenti('Ko%')": lambda r: starts(when(plain, r["name"]), "Ko"),
    "ACCENTI(name) LIKE accenti('A%')": lambda r: starts(when(plain, r["name"]), "A"),
    "ACCENTI(CASEI(name)) LIKE accenti(casei('kØ%'))": lambda r: starts(when(both, r["name"]), "ko"),
    "ACCENTI(CASEI(name)) LIKE accenti(casei('kO%'))": lambda r: starts(when(both, r["name"]), "ko"),
    "ACCENTI(CASEI(name)) IN (accenti(casei('Kiev')), accenti(casei('kobenhavn')))": lambda r: (
        r["name"] in ("Kiev", "København")
    ),
}


@pytest.fixture(scope="module")
def schemas(ask, filled):
    return {name: ask.json(f"/ogc/collections/{name}/queryables", accept="*/*") for name in filled}


def texts(schemas):
    return [(name, queryable) for name, schema in schemas.items() for queryable in typed(schema, "string")]


@advanced("like")
def test_like(ask, schemas):
    """Wildcards: any text, any character, nothing; escaped ones are themselves."""
    for name, queryable in texts(schemas):
        some, anything, nothing = (same(ask, f"{queryable} like '{p}'", name) for p in ("_%", "%", ""))
        assert not some & nothing
        assert (
            anything
            == same(ask, f"{queryable} LIKE '%%'", name)
            == same(ask, f"{queryable} IS NOT NULL", name)
        )
        assert some | nothing == anything
        same(ask, f"{queryable} like '\\%\\_'", name)


@advanced("between")
def test_between(ask, schemas):
    """Numbers between others; between a larger and a smaller one lies nothing."""
    for name, schema in schemas.items():
        for queryable in typed(schema, "number", "integer"):
            between = same(ask, f"{queryable} BETWEEN 0 AND 100", name)
            assert between == same(ask, f"{queryable} >= 0 AND {queryable} <= 100", name)
            assert same(ask, f"{queryable} between 100.0 and 1.0", name) == set()


@advanced("in")
def test_in(ask, schemas):
    """Values of a list, of each type; times are written as such (the annex leaves their TIMESTAMP out)."""
    lists = {
        "number": "(1, 2, 3)",
        "integer": "(1, 2, 3)",
        "string": "('foo', 'bar')",
        "boolean": "(true)",
        "time": "(TIMESTAMP('2022-04-14T14:52:56Z'), TIMESTAMP('2022-04-14T15:52:56Z'))",
    }
    for name, schema in schemas.items():
        for kind, among in lists.items():
            for queryable in typed(schema, kind):
                found = same(ask, f"{queryable} IN {among}", name)
                assert not found & same(ask, f"{queryable} NOT IN {among}", name)


@casei("casei")
def test_casei(ask, schemas):
    """Equal and unequal without case have nothing in common."""
    for name, queryable in texts(schemas):
        equal = same(ask, f"CASEI({queryable}) = casei('foo')", name)
        assert not equal & same(ask, f"CASEI({queryable}) <> casei('FOO')", name)


@casei("casei-like")
def test_casei_like(ask, schemas):
    """Patterns without case are the same in any case."""
    for name, queryable in texts(schemas):
        small = same(ask, f"CASEI({queryable}) LIKE casei('foo%')", name)
        assert small == same(ask, f"CASEI({queryable}) LIKE casei('FOO%')", name)


@accenti("accenti")
def test_accenti(ask, schemas):
    """Equal and unequal without accents have nothing in common."""
    for name, queryable in texts(schemas):
        equal = same(ask, f"ACCENTI({queryable}) = accenti('äöüéáí')", name)
        assert not equal & same(ask, f"ACCENTI({queryable}) <> accenti('aoueai')", name)


@accenti("accenti-like", "accenti-casei", "accenti-casei-like")
@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ACCENTI({}) LIKE accenti('Ä%')", "ACCENTI({}) LIKE accenti('A%')"),
        ("ACCENTI(CASEI({})) = accenti(casei('ÄÉ'))", "ACCENTI(CASEI({})) = accenti(casei('ae'))"),
        ("ACCENTI(CASEI({})) LIKE accenti(casei('Ä%'))", "ACCENTI(CASEI({})) LIKE accenti(casei('a%'))"),
    ],
    ids=["like", "casei", "casei-like"],
)
def test_accenti_like_accenti_casei_accenti_casei_like(ask, schemas, one, other):
    """With and without accents finds the same."""
    for name, queryable in texts(schemas):
        assert same(ask, one.format(queryable), name) == same(ask, other.format(queryable), name)


@advanced("test-data")
@casei("test-data")
@accenti("test-data")
@pytest.mark.parametrize("condition", [*ADVANCED, *CASEI, *ACCENTI])
def test_test_data(ask, condition):
    """Each condition of the annexes, on made-up data, finds what plain Python finds."""
    holds = (ADVANCED | CASEI | ACCENTI)[condition]
    assert same(ask, condition) == matching(holds)


@advanced("logical")
@casei("logical")
@accenti("logical")
@pytest.mark.parametrize("conditions", [ADVANCED, CASEI, ACCENTI], ids=["advanced", "casei", "accenti"])
def test_logical(ask, conditions):
    """AND, OR, NOT and brackets, as sets have them."""
    logical(ask, conditions)
