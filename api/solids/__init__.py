"""Forms in 3D of a layer's features, read back from its tiles."""
