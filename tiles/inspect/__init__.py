"""Inspect: read a tileset as a client reads it, count what is in it and name what is wrong.

Shares no code with the writers: `inspect` of `tiles.inspect.report` is the way in.
"""
