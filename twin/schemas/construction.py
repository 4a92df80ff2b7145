"""Schemas of construction sites."""

from twin.schema import Schema
from twin.schemas.codelists import DIRECTIONS, RESTRICTIONS
from twin.schemas.words import COMMON, boolean, enum, t, text, with_lists

ROADWORK = Schema(
    id="roadwork/1",
    title=t("Baustelle", "Construction site"),
    geometry="area",
    columns=(
        *COMMON,
        text("title", "Ort", "Place", tiles=True, free=True),
        text("description", "Was", "What", free=True),
        text("restriction", "Einschränkung", "Restriction", free=True, codelist=RESTRICTIONS),
        text("affects", "Betroffen", "Affects"),
        text("site", "Baustelle (Gruppe)", "Site (group)", tiles=True),
        text("link", "Mehr dazu", "More"),
    ),
)

ROADWORK_2 = Schema(
    id="roadwork/2",
    title=t("Baustelle oder Sperrung", "Roadworks or closure"),
    geometry="any",
    columns=(
        *COMMON,
        text("title", "Ort", "Place", tiles=True, free=True),
        text("description", "Was", "What", free=True),
        text("restriction", "Einschränkung", "Restriction", free=True, codelist=RESTRICTIONS),
        text("affects", "Betroffen", "Affects"),
        text("site", "Baustelle (Gruppe)", "Site (group)", tiles=True),
        text("link", "Mehr dazu", "More"),
        enum(
            "kind",
            "Art",
            "Kind",
            ("roadworks", "Baustelle", "roadworks"),
            ("short-term", "Kurzzeitbaustelle", "short-term roadworks"),
            ("closure", "Sperrung", "closure"),
            ("warning", "Warnung", "warning"),
            ("event", "Veranstaltung", "event"),
            ("other", "Sonstiges", "other"),
            tiles=True,
        ),
        text("road", "Straße", "Road", tiles=True),
        text("direction", "Richtung", "Direction", codelist=DIRECTIONS),
        text("windows", "Gültige Zeiten", "Times when it holds"),
        boolean("blocked", "Gesperrt", "Blocked", tiles=True),
    ),
)
"""Areas, lines or points. `windows` are ISO 8601 intervals, separated by a comma and a blank."""

ROADWORK_3 = with_lists("roadwork/3", ROADWORK, "affects")
"""As `roadwork/1`, and what is affected is a list: one may ask for the works on footpaths."""

ROADWORK_4 = with_lists("roadwork/4", ROADWORK_2, "affects")
"""As `roadwork/2`, with such a list."""
