"""Timetables (GTFS): tables of a feed become stations and lines with how often they are served."""
