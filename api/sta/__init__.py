"""SensorThings API 1.1 (OGC 18-088), read-only: stations and their values as eight sets of entities."""
