"""Published numbers and claims beside the runs of a study. No torch."""
