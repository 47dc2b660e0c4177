"""Verbs: each file is one thing a person asks for, reads like its specification, does no I/O."""
