"""Outlines with heights or storeys become closed solids: ground, walls and a roof."""
