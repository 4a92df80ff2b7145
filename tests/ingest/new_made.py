"""What the tests of ``twin new`` share: a town without layers, and a source with people in it."""

import json

from ingest.new import scaffold
from ingest.scaffold.look import looked_at
from ingest.scaffold.profile import profiled
from twin.record import Record
from twin.settings import Settings

TOWN = """
id = "my-town"
title = { de = "Musterstadt", en = "My town" }
area = [11.0, 48.0, 12.0, 49.0]
centre = [11.5, 48.5]
contact = "rathaus@example.org"
"""
ANSWERS = {
    "url": "https://opendata.muenchen.de/x",
    "title_de": 'Bänke "am Fluss"',
    "title_en": "Benches\\",
    "licence": "CC-BY-4.0",
    "publisher": "Amt",
    "interval": "1d",
}
SITES = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "id": f"sites.{n}",
            "geometry": {"type": "Point", "coordinates": [11.5 + n / 100, 48.1]},
            "properties": {
                "kennung": f"K{n}",
                "strasse": "Musterweg",
                "beginn": "01.02.2026",
                "ende": "03.02.2026",
                "bemerkung": "Rückfragen an Frau Mustermann, Tel. 089 1234567",
                "bauleiter_telefon": "0171 2345678",
                "tiefe_m": "1,5",
            },
        }
        for n in range(9)
    ],
}
POLICE = "Erika|Mustermann|2345678|1234567"


def written(tmp_path, data, name):
    path = tmp_path / name
    path.write_bytes(data if isinstance(data, bytes) else json.dumps(data).encode())
    return path


def made(town, path, schema="roadwork/2", like=None, remarks=None, crs=None):
    with looked_at(str(path), Settings(), crs) as looked:
        told = [] if remarks is None else remarks
        return scaffold(town, "sites", looked, ANSWERS, None if like else schema, like, told.append)


def fields(*rows):
    return profiled([Record(f"row {n}", row) for n, row in enumerate(rows)])
