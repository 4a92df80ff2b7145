"""CQL2, the filters of OGC API: read into one tree, checked against a schema, evaluated over columns."""
