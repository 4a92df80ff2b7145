"""A made-up quarter in the publishers' own file formats, for the first run, tests and benchmarks.

Nothing in it is real, everything says so. The same arguments give the same bytes.
"""

from datetime import datetime
from pathlib import Path

from ingest.job import Earlier
from twin.progress import Progress, Silent


def write(
    folder: Path,
    *,
    buildings: int = 2500,
    now: datetime,
    progress: Progress | None = None,
    whole_terrain: bool = False,
    past: bool = False,
) -> tuple[Earlier, ...]:
    """Write the made-up city's sources into a folder, one kind after the other.

    Args:
        folder: Where to write; made if it is not there.
        buildings: How many; beyond the core's own, more quarters grow around it.
        now: The instant up to which counts and measurements reach, and around which sites lie. With a zone.
        progress: Told about every step.
        whole_terrain: Also write terrain under the quarters around the core (4 MB each), not only its own.
        past: Also write what the sources said on some days of the year before, in folders of its ``past``.

    Returns:
        These days, in order of time; none without `past`.
    """
    from ingest.demo import air, bikes, citygml, maps, plan, relief, sites, town, trees
    from ingest.demo.past import write_past
    from ingest.demo.place import CORE, quarters
    from ingest.demo.streets import Street

    if now.tzinfo is None:
        raise ValueError("now needs a zone")
    if buildings < 1:
        raise ValueError("a town has at least one building")
    tell = progress or Silent()
    tiles = folder / "buildings"
    tiles.mkdir(parents=True, exist_ok=True)
    core = plan.draw(CORE)
    heart: list[town.Sited] = []
    rows: set[int] = set()
    streets: list[Street] = []
    blocks: list[plan.Block] = []
    written = 0
    for quarter in quarters():
        drawn = plan.draw(quarter) if quarter != CORE else core
        built = town.build(drawn)[: buildings - written]
        citygml.write_tile(tiles / f"{quarter.tile}.gml", quarter, built)
        heart = heart or built
        written += len(built)
        tell.step("demo", "buildings", written, buildings)
        streets += drawn.streets
        blocks += drawn.blocks
        if quarter.has_river:
            rows.add(quarter.row)
        if whole_terrain or quarter == CORE:
            relief.write_terrain(folder / "terrain", quarter)
        if written >= buildings:
            break
    tell.step("demo", "maps", 0)
    maps.write_streets(folder / "streets.geojson", streets)
    maps.write_water(folder / "water.geojson", rows)
    maps.write_green(folder / "green.geojson", rows)
    trees.write_trees(folder / "trees.geojson", streets, rows, blocks)
    maps.write_districts(folder / "districts.geojson", core)
    sites.write_sites(folder / "construction-sites.json", core.streets, now)
    tell.step("demo", "measurements", 0)
    bikes.write_counts(folder / "bike-counts", now)
    air.write_air(folder / "air-quality", now)
    return write_past(folder / "past", folder, heart, core.streets, now) if past else ()
