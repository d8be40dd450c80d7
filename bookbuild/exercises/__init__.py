"""Exercises written once, in their section: read, verified, placed on the page."""
