"""Execution: runs, each case in a room of its own, by papermill on warm kernels."""
