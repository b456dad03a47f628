"""Sparse models since 2019."""
