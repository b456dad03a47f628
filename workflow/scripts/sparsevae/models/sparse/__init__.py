"""Sparse VAEs beside VSC: one file each, with its valid bound."""
