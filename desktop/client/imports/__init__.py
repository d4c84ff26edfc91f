"""Imports orders from a file, which are shown before they are placed."""
