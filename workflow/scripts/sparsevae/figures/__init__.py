"""Figures from tables and arrays, with matplotlib and without torch."""
