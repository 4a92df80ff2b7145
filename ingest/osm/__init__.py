"""OpenStreetMap's nodes, ways and relations become outlines of buildings and their parts."""
