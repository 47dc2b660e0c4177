"""Nouns: frozen values and pure functions. Nothing here reads a file or starts a process."""
