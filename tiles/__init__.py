"""Tiles: a snapshot becomes 3D Tiles 1.1."""
