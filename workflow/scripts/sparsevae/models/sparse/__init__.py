"""Sparse models since 2019, one file each."""
