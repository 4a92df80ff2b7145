"""Engines: indexes over the store that can be rebuilt from it."""
