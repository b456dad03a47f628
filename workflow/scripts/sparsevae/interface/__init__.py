"""Trained models for those who use them: NumPy in and out, in Python and on the command line."""
