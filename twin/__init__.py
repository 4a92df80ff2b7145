"""The nouns of a digital twin: what a city, a layer, a record, a snapshot and a revision are."""
