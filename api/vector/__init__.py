"""Vector tiles: a layer's features as Mapbox Vector Tiles 2.1 in WebMercatorQuad, with their descriptions."""
