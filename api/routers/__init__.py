"""Routers: one file per interface."""
