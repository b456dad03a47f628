"""Datasets of the user's, read by an entry of the config: formats, checks, splits, scaling."""
