"""The command line, and the runner's process."""
