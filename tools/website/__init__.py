"""The online report: documentation, API, a study's report and its explorer, as one static site."""
