"""Datasets: generated here, or fetched and checked."""
