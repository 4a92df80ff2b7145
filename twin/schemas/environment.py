"""Schemas of the environment."""

from twin.schema import Column, Combine, Kind, Property, Schema
from twin.schemas.codelists import AREAS
from twin.schemas.words import COMMON, STATION, choices, enum, integer, number, t, text

AIR_STATION = Schema(
    id="air-station/1",
    title=t("Luftmessstation", "Air quality station"),
    geometry="point",
    columns=(
        *STATION,
        text("code", "Stationscode", "Station code"),
        Column(
            name="surroundings",
            title=t("Lage", "Surroundings"),
            kind=Kind.ENUM,
            tiles=True,
            choices=choices(
                ("traffic", "an einer Straße", "beside a road"),
                ("background", "abseits vom Verkehr", "away from traffic"),
                ("industry", "bei Industrie", "near industry"),
            ),
        ),
    ),
    properties=(
        Property(
            name="pm10",
            title=t("PM10 (feiner Staub)", "PM10 (fine dust)"),
            unit="ug/m3",
            combine=Combine.MEAN,
        ),
        Property(
            name="pm2_5",
            title=t("PM2,5 (sehr feiner Staub)", "PM2.5 (very fine dust)"),
            unit="ug/m3",
            combine=Combine.MEAN,
        ),
        Property(
            name="no2",
            title=t("NO₂ (Stickstoffdioxid)", "NO₂ (nitrogen dioxide)"),
            unit="ug/m3",
            combine=Combine.MEAN,
        ),
        Property(name="o3", title=t("O₃ (Ozon)", "O₃ (ozone)"), unit="ug/m3", combine=Combine.MEAN),
        Property(
            name="so2",
            title=t("SO₂ (Schwefeldioxid)", "SO₂ (sulphur dioxide)"),
            unit="ug/m3",
            combine=Combine.MEAN,
        ),
        Property(
            name="co",
            title=t("CO (Kohlenmonoxid)", "CO (carbon monoxide)"),
            unit="mg/m3",
            combine=Combine.MEAN,
        ),
        Property(
            name="air_quality_index",
            title=t("Luftqualitätsindex", "Air quality index"),
            unit="1",
            combine=Combine.MAX,
        ),
    ),
)

WATER = Schema(
    id="water/1",
    title=t("Gewässer", "Water"),
    geometry="area",
    columns=(*COMMON, text("name", "Name", "Name", tiles=True)),
)

GREEN = Schema(
    id="green/1",
    title=t("Grünfläche", "Green area"),
    geometry="area",
    columns=(*COMMON, text("name", "Name", "Name", tiles=True)),
)

AIR_CELL = Schema(
    id="air-cell/1",
    title=t("Bürgermessungen in der Umgebung", "Citizens' sensors around a place"),
    geometry="point",
    columns=(
        *STATION,
        integer("sensors", "Sensoren im Mittel", "Sensors in the mean", tiles=True),
        number("cell_m", "Kantenlänge der Zelle", "Edge of the cell", "m"),
    ),
    properties=(
        Property(name="pm10", title=t("PM10 (feiner Staub)", "PM10 (fine dust)"), unit="ug/m3"),
        Property(name="pm2_5", title=t("PM2,5 (sehr feiner Staub)", "PM2.5 (very fine dust)"), unit="ug/m3"),
        Property(name="air_temperature", title=t("Lufttemperatur", "Air temperature"), unit="Cel"),
        Property(name="relative_humidity", title=t("Luftfeuchte", "Relative humidity"), unit="%"),
        Property(name="sound_level", title=t("Schallpegel", "Sound level"), unit="dB"),
    ),
)
"""Means over coarse cells, because the sensors stand in private gardens. The point is the cell's centre."""

WEATHER_STATION = Schema(
    id="weather-station/1",
    title=t("Wetterstation", "Weather station"),
    geometry="point",
    columns=(
        *STATION,
        number("altitude_m", "Höhe über dem Meer", "Altitude", "m"),
        text("code", "Stationskennung", "Station code"),
    ),
    properties=(
        Property(name="air_temperature", title=t("Lufttemperatur", "Air temperature"), unit="Cel"),
        Property(name="dew_point", title=t("Taupunkt", "Dew point"), unit="Cel"),
        Property(name="relative_humidity", title=t("Luftfeuchte", "Relative humidity"), unit="%"),
        Property(
            name="pressure", title=t("Luftdruck auf Meereshöhe", "Air pressure at sea level"), unit="hPa"
        ),
        Property(name="wind_speed", title=t("Windgeschwindigkeit", "Wind speed"), unit="m/s"),
        Property(name="wind_gust", title=t("Stärkste Böe", "Strongest gust"), unit="m/s"),
        Property(name="wind_direction", title=t("Windrichtung", "Wind direction"), unit="deg"),
        Property(name="precipitation", title=t("Niederschlag", "Precipitation"), unit="mm"),
        Property(name="sunshine", title=t("Sonnenscheindauer", "Sunshine"), unit="min"),
        Property(name="global_radiation", title=t("Globalstrahlung", "Global radiation"), unit="J/cm2"),
        Property(name="cloud_cover", title=t("Bewölkung", "Cloud cover"), unit="%"),
        Property(name="visibility", title=t("Sichtweite", "Visibility"), unit="m"),
        Property(name="snow_depth", title=t("Schneehöhe", "Snow depth"), unit="cm"),
    ),
)

WEATHER_WARNING = Schema(
    id="weather-warning/1",
    title=t("Wetterwarnung", "Weather warning"),
    geometry="area",
    columns=(
        *COMMON,
        text("title", "Warnung", "Warning", tiles=True),
        text("description", "Was", "What", free=True),
        text("instruction", "Was tun", "What to do", free=True),
        text("event", "Ereignis", "Event", tiles=True),
        enum(
            "severity",
            "Stufe",
            "Severity",
            ("minor", "Wetterwarnung", "minor"),
            ("moderate", "Markantes Wetter", "moderate"),
            ("severe", "Unwetterwarnung", "severe"),
            ("extreme", "Extreme Unwetterwarnung", "extreme"),
            ("unknown", "nicht angegeben", "not stated"),
            tiles=True,
        ),
        text("area_name", "Gebiet", "Area", codelist=AREAS),
        text("link", "Mehr dazu", "More"),
    ),
)
"""By CAP 1.2 (OASIS): onset and expiry are `valid_from` and `valid_to`."""

GAUGE = Schema(
    id="gauge/1",
    title=t("Pegel", "Water gauge"),
    geometry="point",
    columns=(
        *STATION,
        text("water", "Gewässer", "Water body", tiles=True),
        number("river_km", "Flusskilometer", "River kilometre", "km"),
        number("mean_low_water_cm", "Mittleres Niedrigwasser", "Mean low water", "cm"),
        number("mean_high_water_cm", "Mittleres Hochwasser", "Mean high water", "cm"),
    ),
    properties=(
        Property(name="water_level", title=t("Wasserstand", "Water level"), unit="cm"),
        Property(name="discharge", title=t("Abfluss", "Discharge"), unit="m3/s"),
        Property(name="water_temperature", title=t("Wassertemperatur", "Water temperature"), unit="Cel"),
    ),
)

RADIATION_STATION = Schema(
    id="radiation-station/1",
    title=t("Messstelle für Radioaktivität", "Radiation station"),
    geometry="point",
    columns=(
        *STATION,
        number("altitude_m", "Höhe über dem Meer", "Altitude", "m"),
        enum(
            "status",
            "Betrieb",
            "Status",
            ("running", "in Betrieb", "running"),
            ("defect", "gestört", "defect"),
            ("test", "Testbetrieb", "test"),
        ),
    ),
    properties=(
        Property(
            name="dose_rate", title=t("Gamma-Ortsdosisleistung", "Ambient gamma dose rate"), unit="uSv/h"
        ),
        Property(name="dose_rate_cosmic", title=t("davon aus dem All", "of which cosmic"), unit="uSv/h"),
        Property(
            name="dose_rate_terrestrial", title=t("davon aus dem Boden", "of which terrestrial"), unit="uSv/h"
        ),
    ),
)

NOISE = Schema(
    id="noise/1",
    title=t("Lärm", "Noise"),
    geometry="area",
    columns=(
        *COMMON,
        enum(
            "source",
            "Quelle",
            "Source",
            ("road", "Straße", "road"),
            ("rail", "Schiene", "rail"),
            ("air", "Flugverkehr", "air traffic"),
            ("industry", "Industrie", "industry"),
            tiles=True,
        ),
        enum(
            "indicator",
            "Kenngröße",
            "Indicator",
            ("lden", "Tag, Abend und Nacht (L_den)", "day, evening and night (L_den)"),
            ("lnight", "Nacht (L_night)", "night (L_night)"),
            tiles=True,
            alternatives=True,
        ),
        integer("from_db", "Ab", "From", "dB", tiles=True, breaks=(55, 60, 65, 70, 75)),
        integer("to_db", "Unter", "Below", "dB", tiles=True),
        integer("year", "Jahr der Kartierung", "Year of mapping"),
    ),
)
"""Bands of Directive 2002/49/EC: from 55 (L_den) or 50 dB (L_night) in steps of 5; open above 75 or 70."""

LAND_USE = Schema(
    id="land-use/1",
    title=t("Tatsächliche Nutzung", "Land use"),
    geometry="area",
    columns=(
        *COMMON,
        enum(
            "kind",
            "Art",
            "Kind",
            ("residential", "Wohnen", "residential"),
            ("industry", "Industrie und Gewerbe", "industry and business"),
            ("mixed", "Gemischt", "mixed"),
            ("public", "Öffentliche Einrichtung", "public"),
            ("construction", "Baustelle", "construction"),
            ("road", "Straße oder Platz", "road or square"),
            ("rail", "Bahn", "rail"),
            ("farmland", "Landwirtschaft", "farmland"),
            ("forest", "Wald oder Gehölz", "forest or wood"),
            ("green", "Grün, Sport, Erholung", "green, sport, recreation"),
            ("cemetery", "Friedhof", "cemetery"),
            ("water", "Wasser", "water"),
            ("other", "Sonstiges", "other"),
            tiles=True,
        ),
        text("source_kind", "Art nach der Quelle", "Kind as the source has it"),
        text("name", "Name", "Name", tiles=True),
        number("area_m2", "Fläche", "Area", "m2"),
    ),
)
