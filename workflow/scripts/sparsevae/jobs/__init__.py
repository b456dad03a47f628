"""What every job needs: a log, a lock, atomic files, one-line errors, seeds. No torch at import."""
