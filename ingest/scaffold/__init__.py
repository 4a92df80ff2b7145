"""Scaffold: look at a source, and propose a recipe with its sample. ``twin new`` is made of this."""
