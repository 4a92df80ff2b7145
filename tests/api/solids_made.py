"""A town of houses with forms in 3D, published with its tiles: for tests of what is answered."""

import shapely
from made import NOON, SITES, provenance, sites
from pyproj import Transformer

from catalog.cities import write_city
from catalog.publish import Publication
from tests.tiles import houses_made as houses
from tiles.build import build
from twin.record import Face, Feature


def at(x, y):
    return Transformer.from_crs("EPSG:25832", "OGC:CRS84").transform(houses.EAST + x, houses.NORTH + y)


COURT = houses.prism(houses.rectangle(15, 15), 10.0, ([(5, 5), (5, 8), (8, 8), (8, 5)],), x=40.0)


def town():
    open_one = [part for part in houses.prism(houses.rectangle(9, 9), 6.0, x=120.0) if part[0] != Face.ROOF]
    apart = houses.prism(houses.rectangle(5, 5), 4.0, x=160.0) + houses.prism(
        houses.rectangle(5, 5), 7.0, x=170.0
    )
    return [
        houses.feature("test.buildings.gabled", houses.gabled(12.0, 9.0, 5.0, 8.0, z=2.0)),
        houses.feature("test.buildings.court", COURT),
        houses.feature("test.buildings.flat", houses.prism(houses.rectangle(8, 6), 3.0, x=80.0)),
        houses.feature("test.buildings.open", open_one),
        houses.feature("test.buildings.apart", apart),
        Feature("test.buildings.none", "none", {"height_source": "assumed"}, shapely.to_wkb(
            shapely.Polygon([at(200, 0), at(205, 0), at(205, 5)])), None),
    ]  # fmt: skip


VOLUMES = {
    "gabled": 12.0 * 9.0 * (5.0 + 1.5),
    "court": (15.0 * 15.0 - 9.0) * 10.0,
    "flat": 8.0 * 6.0 * 3.0,
    "apart": 25.0 * 4.0 + 25.0 * 7.0,
}


def filled(store, **options):
    layer = houses.layer(**options)
    city = houses.CITY.model_copy(update={"layers": (layer, SITES)})
    write_city(store, city)
    features = town()
    publication = Publication(store, layer, city)
    made = build(layer, city, features, geodesy=houses.geodesy(), ground=None, put=publication.put)
    digest = publication.digest(features, "basis")
    told = provenance(layer, NOON, len(features))
    publication.publish(features, told, made.tileset, made.contents, digest, now=NOON)
    other = Publication(store, SITES, city)
    other.publish(sites(), provenance(SITES, NOON, 4), None, (), "d" * 64, now=NOON)
    return store
