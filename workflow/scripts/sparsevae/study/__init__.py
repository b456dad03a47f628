"""The study: settings, and from the config to the list of runs. No torch."""
