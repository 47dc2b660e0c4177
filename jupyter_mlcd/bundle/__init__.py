"""Bundles: what evidence consists of, the Store of files, and pages to read it."""
