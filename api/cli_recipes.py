"""Commands for who writes recipes: prove them, and begin one."""

from pathlib import Path
from typing import Annotated

import typer

from api.cli_options import settings_of


def check(
    names: Annotated[list[str], typer.Argument(help="Recipes (files) or cities.", metavar="RECIPE-or-CITY")],
    accept: Annotated[
        bool, typer.Option("--accept", help="What the samples give now is wanted: write expected.json anew.")
    ] = False,
) -> None:
    """Verify recipes and cities, and prove them on their samples."""
    from ingest.accept import accept as renew
    from ingest.check import check as verify

    faults = 0
    for name in names:
        place = Path(name) if name.endswith(".toml") else name
        for verdict in renew(place) if accept else verify(place, ready=True):
            print(("! " if verdict.remark else "✓ " if verdict.ok else "✗ ") + verdict.words)
            faults += not verdict.ok
    if faults:
        raise typer.Exit(1)


def new(
    layer: Annotated[str, typer.Argument(help="Layer to be: <city>.<name>, or a name with --city.")],
    city: Annotated[
        str | None, typer.Option("--city", help="Folder with city.toml; here if left out.")
    ] = None,
    source: Annotated[str | None, typer.Option("--source", help="Address or file of the source.")] = None,
    schema: Annotated[str | None, typer.Option("--schema", help="What they are, such as place/1.")] = None,
    like: Annotated[
        str | None, typer.Option("--like", help="A shared recipe, such as de/water-levels.")
    ] = None,
    title_de: Annotated[str | None, typer.Option("--title-de", help="Its name in German.")] = None,
    title_en: Annotated[str | None, typer.Option("--title-en", help="Its name in English.")] = None,
    licence: Annotated[str | None, typer.Option("--licence", help="SPDX id.")] = None,
    publisher: Annotated[str | None, typer.Option("--publisher", help="Who publishes it.")] = None,
    interval: Annotated[str | None, typer.Option("--interval", help="How often to ask (1d).")] = None,
    crs: Annotated[str | None, typer.Option("--crs", help="CRS where the source names none.")] = None,
) -> None:
    """Look at a source and write a recipe for it, with a sample; asks what no option says."""
    from api.new import new_layer

    given = {
        "city": city,
        "source": source,
        "schema": schema,
        "like": like,
        "title_de": title_de,
        "title_en": title_en,
        "licence": licence,
        "publisher": publisher,
        "interval": interval,
        "crs": crs,
    }
    if not new_layer(layer, given, settings_of()):
        raise typer.Exit(1)
