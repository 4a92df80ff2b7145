"""Formats of ``/ogc``: one file each, from a page of features to bytes."""
