"""Ground: git, processes, files and clock; typed, hardened, and without any word of ours."""
