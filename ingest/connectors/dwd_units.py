"""What DWD measures: its parameters, and the factors that bring them to the units of `weather-station/1`.

Sources: parameter descriptions in the CDC archives, the unit row of the POI files, and DWD's list of
elements of MOSMIX (MetElementDefinition.xml).
"""

from types import MappingProxyType

# name at DWD → (property, factor, offset)
CLIMATE = MappingProxyType(
    {
        "TT_TU": ("air_temperature", 1.0, 0.0),
        "TT_10": ("air_temperature", 1.0, 0.0),
        "TMK": ("air_temperature", 1.0, 0.0),
        "RF_TU": ("relative_humidity", 1.0, 0.0),
        "RF_10": ("relative_humidity", 1.0, 0.0),
        "UPM": ("relative_humidity", 1.0, 0.0),
        "TD": ("dew_point", 1.0, 0.0),
        "TD_10": ("dew_point", 1.0, 0.0),
        "P": ("pressure", 1.0, 0.0),
        "F": ("wind_speed", 1.0, 0.0),
        "FF_10": ("wind_speed", 1.0, 0.0),
        "FM": ("wind_speed", 1.0, 0.0),
        "D": ("wind_direction", 1.0, 0.0),
        "DD_10": ("wind_direction", 1.0, 0.0),
        "FX_10": ("wind_gust", 1.0, 0.0),
        "FX": ("wind_gust", 1.0, 0.0),
        "R1": ("precipitation", 1.0, 0.0),
        "RWS_10": ("precipitation", 1.0, 0.0),
        "RSK": ("precipitation", 1.0, 0.0),
        "SD_SO": ("sunshine", 1.0, 0.0),  # minutes
        "SD_10": ("sunshine", 60.0, 0.0),  # hours
        "SDK": ("sunshine", 60.0, 0.0),
        "GS_10": ("global_radiation", 1.0, 0.0),  # J/cm2
        "FG_LBERG": ("global_radiation", 1.0, 0.0),
        "V_VV": ("visibility", 1.0, 0.0),
        "V_N": ("cloud_cover", 12.5, 0.0),  # eighths
        "SH_TAG": ("snow_depth", 1.0, 0.0),
    }
)
LATEST = MappingProxyType(
    {
        "dry_bulb_temperature_at_2_meter_above_ground": ("air_temperature", 1.0, 0.0),
        "dew_point_temperature_at_2_meter_above_ground": ("dew_point", 1.0, 0.0),
        "relative_humidity": ("relative_humidity", 1.0, 0.0),
        "pressure_reduced_to_mean_sea_level": ("pressure", 1.0, 0.0),
        "mean_wind_speed_during last_10_min_at_10_meters_above_ground": ("wind_speed", 1 / 3.6, 0.0),
        "mean_wind_direction_during_last_10 min_at_10_meters_above_ground": ("wind_direction", 1.0, 0.0),
        "maximum_wind_speed_last_hour": ("wind_gust", 1 / 3.6, 0.0),
        "precipitation_amount_last_hour": ("precipitation", 1.0, 0.0),
        "total_time_of_sunshine_during_last_hour": ("sunshine", 1.0, 0.0),
        "global_radiation_last_hour": ("global_radiation", 0.36, 0.0),  # W/m2 over an hour
        "cloud_cover_total": ("cloud_cover", 1.0, 0.0),
        "horizontal_visibility": ("visibility", 1000.0, 0.0),
        "total_snow_depth": ("snow_depth", 1.0, 0.0),
    }
)
FORECAST = MappingProxyType(
    {
        "TTT": ("air_temperature", 1.0, -273.15),
        "Td": ("dew_point", 1.0, -273.15),
        "PPPP": ("pressure", 0.01, 0.0),
        "FF": ("wind_speed", 1.0, 0.0),
        "DD": ("wind_direction", 1.0, 0.0),
        "FX1": ("wind_gust", 1.0, 0.0),
        "RR1c": ("precipitation", 1.0, 0.0),
        "SunD1": ("sunshine", 1 / 60, 0.0),
        "Rad1h": ("global_radiation", 0.1, 0.0),  # kJ/m2
        "N": ("cloud_cover", 1.0, 0.0),
        "VV": ("visibility", 1.0, 0.0),
    }
)
LATEST_UNITS = MappingProxyType(
    {
        "air_temperature": "Grad C",
        "dew_point": "Grad C",
        "relative_humidity": "%",
        "pressure": "hPa",
        "wind_speed": "km/h",
        "wind_direction": "Grad",
        "wind_gust": "km/h",
        "precipitation": "mm",
        "sunshine": "min",
        "global_radiation": "W/m2",
        "cloud_cover": "%",
        "visibility": "km",
        "snow_depth": "cm",
    }
)
"""Unit that a POI file must state for the factor to hold."""


def brought(written: float, factor: float, offset: float) -> float:
    """The value in our unit, without the noise of the multiplication."""
    return round(written * factor + offset, 6)
