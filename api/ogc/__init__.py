"""What `/ogc` says: its documents, before they take a format."""
