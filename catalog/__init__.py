"""Catalog: what exists, and how to find it."""
