"""The data model of SensorThings (OGC 18-088, section 8), as the tests know it: written by hand, once."""

PROPERTIES = {
    "Things": {"name", "description", "properties"},
    "Locations": {"name", "description", "encodingType", "location"},
    "HistoricalLocations": {"time"},
    "Datastreams": {"name", "description", "unitOfMeasurement", "observationType"},
    "Sensors": {"name", "description", "encodingType", "metadata"},
    "ObservedProperties": {"name", "definition", "description"},
    "Observations": {"phenomenonTime", "result", "resultTime"},
    "FeaturesOfInterest": {"name", "description", "encodingType", "feature"},
}
"""Entity set → what each of its entities has at least."""
RELATIONS = {
    "Things": {"Datastreams", "Locations", "HistoricalLocations"},
    "Locations": {"Things", "HistoricalLocations"},
    "HistoricalLocations": {"Thing", "Locations"},
    "Datastreams": {"Thing", "Sensor", "ObservedProperty", "Observations"},
    "Sensors": {"Datastreams"},
    "ObservedProperties": {"Datastreams"},
    "Observations": {"Datastream", "FeatureOfInterest"},
    "FeaturesOfInterest": {"Observations"},
}
"""Entity set → the links of each of its entities."""
SETS = {
    **{name: name for name in PROPERTIES},
    **{"Thing": "Things", "Sensor": "Sensors", "Datastream": "Datastreams"},
    **{"ObservedProperty": "ObservedProperties", "FeatureOfInterest": "FeaturesOfInterest"},
}
"""Link → the set to which it leads."""
