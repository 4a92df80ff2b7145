"""Schemas of traffic."""

from twin.schema import Combine, Property, Schema
from twin.schemas.codelists import DIRECTIONS, OPENING_HOURS, SURFACES
from twin.schemas.words import COMMON, STATION, boolean, enum, integer, number, t, text, with_lists

COUNTER = Schema(
    id="counter/1",
    title=t("Zählstelle", "Counter"),
    geometry="point",
    columns=(
        *STATION,
        text("direction_1", "Richtung 1", "Direction 1", codelist=DIRECTIONS),
        text("direction_2", "Richtung 2", "Direction 2", codelist=DIRECTIONS),
    ),
    properties=(
        Property(
            name="bicycles",
            title=t("Fahrräder", "Bicycles"),
            unit="1/15min",
            combine=Combine.SUM,
            into={"1h": "bicycles_hour", "1d": "bicycles_day"},
        ),
        Property(
            name="bicycles_direction_1",
            title=t("Fahrräder, Richtung 1", "Bicycles, direction 1"),
            unit="1/15min",
            combine=Combine.SUM,
            into={"1h": "bicycles_hour_direction_1", "1d": "bicycles_day_direction_1"},
        ),
        Property(
            name="bicycles_direction_2",
            title=t("Fahrräder, Richtung 2", "Bicycles, direction 2"),
            unit="1/15min",
            combine=Combine.SUM,
            into={"1h": "bicycles_hour_direction_2", "1d": "bicycles_day_direction_2"},
        ),
        Property(
            name="bicycles_hour",
            title=t("Fahrräder je Stunde", "Bicycles per hour"),
            unit="1/h",
            combine=Combine.SUM,
            into={"1d": "bicycles_day"},
        ),
        Property(
            name="bicycles_hour_direction_1",
            title=t("Fahrräder je Stunde, Richtung 1", "Bicycles per hour, direction 1"),
            unit="1/h",
            combine=Combine.SUM,
            into={"1d": "bicycles_day_direction_1"},
        ),
        Property(
            name="bicycles_hour_direction_2",
            title=t("Fahrräder je Stunde, Richtung 2", "Bicycles per hour, direction 2"),
            unit="1/h",
            combine=Combine.SUM,
            into={"1d": "bicycles_day_direction_2"},
        ),
        Property(name="bicycles_day", title=t("Fahrräder je Tag", "Bicycles per day"), unit="1/d"),
        Property(
            name="bicycles_day_direction_1",
            title=t("Fahrräder je Tag, Richtung 1", "Bicycles per day, direction 1"),
            unit="1/d",
        ),
        Property(
            name="bicycles_day_direction_2",
            title=t("Fahrräder je Tag, Richtung 2", "Bicycles per day, direction 2"),
            unit="1/d",
        ),
        Property(
            name="vehicles",
            title=t("Kraftfahrzeuge", "Motor vehicles"),
            unit="1/15min",
            combine=Combine.SUM,
            into={"1h": "vehicles_hour", "1d": "vehicles_day"},
        ),
        Property(
            name="vehicles_hour",
            title=t("Kraftfahrzeuge je Stunde", "Motor vehicles per hour"),
            unit="1/h",
            combine=Combine.SUM,
            into={"1d": "vehicles_day"},
        ),
        Property(name="vehicles_day", title=t("Kraftfahrzeuge je Tag", "Motor vehicles per day"), unit="1/d"),
        Property(name="flow", title=t("Verkehrsstärke", "Traffic flow"), unit="1/h", combine=Combine.MEAN),
        Property(name="speed", title=t("Geschwindigkeit", "Speed"), unit="km/h", combine=Combine.MEAN),
        Property(
            name="occupancy", title=t("Belegungsgrad", "Detector occupancy"), unit="%", combine=Combine.MEAN
        ),
    ),
)

STREET = Schema(
    id="street/1",
    title=t("Straße", "Street"),
    geometry="line",
    columns=(
        *COMMON,
        text("name", "Name", "Name", tiles=True),
        number("width_m", "Breite", "Width", "m", tiles=True),
    ),
)

# GTFS route_type, and the extended types of the same hundreds.
MODES = (
    ("bus", "Bus", "bus"),
    ("tram", "Tram", "tram"),
    ("subway", "U-Bahn", "subway"),
    ("rail", "S-Bahn oder Zug", "rail"),
    ("ferry", "Schiff", "ferry"),
    ("cable", "Seilbahn", "cable car"),
    ("other", "Sonstiges", "other"),
)

STOP = Schema(
    id="stop/1",
    title=t("Haltestelle", "Public transport stop"),
    geometry="point",
    columns=(
        *STATION,
        enum("mode", "Verkehrsmittel", "Mode", *MODES, tiles=True),
        text("lines", "Linien", "Lines"),
        integer(
            "departures_weekday", "Abfahrten an einem Werktag", "Departures on a weekday", "1/d", tiles=True
        ),
        number(
            "departures_peak", "Abfahrten in der dichtesten Stunde", "Departures in the busiest hour", "1/h"
        ),
        text(
            "departures_by_hour",
            "Abfahrten in jeder Stunde, von Mitternacht an",
            "Departures in each hour from midnight on",
        ),
    ),
    properties=(
        Property(
            name="departures_hour",
            title=t("Abfahrten je Stunde", "Departures per hour"),
            unit="1/h",
            combine=Combine.MEAN,
        ),
        Property(
            name="departures",
            title=t("Abfahrten mit Prognose", "Departures with a forecast"),
            unit="1",
            combine=Combine.MEAN,
        ),
        Property(name="delay", title=t("Mittlere Verspätung", "Mean delay"), unit="s", combine=Combine.MEAN),
        Property(
            name="delayed_share",
            title=t("Anteil mit über 5 Minuten Verspätung", "Share more than 5 minutes late"),
            unit="%",
            combine=Combine.MEAN,
        ),
    ),
)

STOP_2 = with_lists("stop/2", STOP, "lines")
"""As `stop/1`, and the lines are a list: one may ask for the stops of a line."""

ROUTE = Schema(
    id="route/1",
    title=t("Linie", "Public transport line"),
    geometry="line",
    columns=(
        *COMMON,
        text("name", "Linie", "Line", tiles=True),
        text("long_name", "Verlauf", "Course"),
        enum("mode", "Verkehrsmittel", "Mode", *MODES, tiles=True),
        text("operator", "Betreiber", "Operator"),
        integer("trips_weekday", "Fahrten an einem Werktag", "Trips on a weekday", "1/d", tiles=True),
        number("trips_peak", "Fahrten in der dichtesten Stunde", "Trips in the busiest hour", "1/h"),
        text(
            "trips_by_hour",
            "Fahrten in jeder Stunde, von Mitternacht an",
            "Trips in each hour from midnight on",
        ),
    ),
)

RENTAL_STATION = Schema(
    id="rental-station/1",
    title=t("Leihstation", "Rental station"),
    geometry="point",
    columns=(
        *STATION,
        text("operator", "Anbieter", "Operator"),
        integer("capacity", "Stellplätze", "Capacity", tiles=True),
    ),
    properties=(
        Property(
            name="vehicles_available",
            title=t("Fahrzeuge zum Leihen", "Vehicles to rent"),
            unit="1",
            combine=Combine.MEAN,
        ),
        Property(
            name="docks_available", title=t("Freie Stellplätze", "Free docks"), unit="1", combine=Combine.MEAN
        ),
    ),
)

PARKING = Schema(
    id="parking/1",
    title=t("Parkplatz", "Parking"),
    geometry="point",
    columns=(
        *STATION,
        enum(
            "kind",
            "Art",
            "Kind",
            ("garage", "Parkhaus oder Tiefgarage", "garage"),
            ("lot", "Parkplatz", "car park"),
            ("street", "am Straßenrand", "on the street"),
            ("park-ride", "Park and Ride", "park and ride"),
            ("bike", "Fahrradparken", "bicycle parking"),
            ("truck", "Lkw-Parkplatz", "lorry parking"),
            ("unknown", "nicht angegeben", "not stated"),
            tiles=True,
        ),
        integer("capacity", "Stellplätze", "Capacity", tiles=True),
        text("operator", "Betreiber", "Operator"),
        boolean("has_fee", "Kostet Gebühr", "Charges a fee"),
        text("opening_hours", "Öffnungszeiten", "Opening hours", codelist=OPENING_HOURS),
    ),
    properties=(
        Property(name="free", title=t("Freie Plätze", "Free places"), unit="1", combine=Combine.MEAN),
        Property(
            name="occupied", title=t("Belegte Plätze", "Occupied places"), unit="1", combine=Combine.MEAN
        ),
        Property(name="occupancy", title=t("Belegung", "Occupancy"), unit="%", combine=Combine.MEAN),
    ),
)

TRAFFIC_CENSUS = Schema(
    id="traffic-census/1",
    title=t("Verkehrszählung", "Traffic census"),
    geometry="any",  # a counting station, or the stretch of road that it stands for
    columns=(
        *STATION,
        text("road", "Straße", "Road", tiles=True),
        integer("year", "Jahr", "Year"),
        integer("vehicles_day", "Kraftfahrzeuge je Tag", "Motor vehicles per day", "1/d", tiles=True),
        integer("heavy_vehicles_day", "Schwerverkehr je Tag", "Heavy vehicles per day", "1/d", tiles=True),
        integer("bicycles_day", "Fahrräder je Tag", "Bicycles per day", "1/d"),
    ),
)

ROAD = Schema(
    id="road/1",
    title=t("Verkehrsweg", "Road or path"),
    geometry="line",
    columns=(
        *COMMON,
        text("name", "Name", "Name", tiles=True),
        text("ref", "Nummer", "Number", tiles=True),
        enum(
            "class",
            "Klasse",
            "Class",
            ("motorway", "Autobahn", "motorway"),
            ("trunk", "Schnellstraße", "trunk road"),
            ("primary", "Bundesstraße", "primary road"),
            ("secondary", "Staats- oder Landesstraße", "secondary road"),
            ("tertiary", "Kreis- oder Hauptstraße", "tertiary road"),
            ("residential", "Wohn- oder Nebenstraße", "residential or minor road"),
            ("living-street", "Verkehrsberuhigter Bereich", "living street"),
            ("service", "Zufahrt", "service road"),
            ("pedestrian", "Fußgängerzone", "pedestrian zone"),
            ("cycleway", "Radweg", "cycleway"),
            ("footway", "Fußweg", "footway"),
            ("path", "Weg oder Pfad", "path"),
            ("track", "Wirtschaftsweg", "track"),
            ("other", "Sonstiges", "other"),
            tiles=True,
        ),
        enum(
            "cycling",
            "Radverkehr",
            "Cycling",
            ("track", "eigener Radweg", "cycle track"),
            ("lane", "Radfahrstreifen", "cycle lane"),
            ("street", "Fahrradstraße", "cycle street"),
            ("shared", "gemeinsam mit Fußgängern", "shared with pedestrians"),
            ("road", "auf der Fahrbahn", "on the road"),
            ("forbidden", "verboten", "forbidden"),
            ("unknown", "nicht angegeben", "not stated"),
            tiles=True,
        ),
        text("surface", "Belag", "Surface", codelist=SURFACES),
        integer("speed_limit_kmh", "Höchstgeschwindigkeit", "Speed limit", "km/h"),
        integer("lanes", "Fahrstreifen", "Lanes"),
        boolean("oneway", "Einbahnstraße", "One way"),
        number("width_m", "Breite", "Width", "m", tiles=True),
    ),
)
