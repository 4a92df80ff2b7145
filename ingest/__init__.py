"""Ingest: a source becomes a published snapshot."""
