"""The explorer: decoders and codes of a study as scripts that a page runs by itself."""
