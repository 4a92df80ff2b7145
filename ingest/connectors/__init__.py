"""Connectors: one file per protocol, never per city."""
