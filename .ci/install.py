#!/usr/bin/env python3
"""Install Python packages into the environment of the interpreter that runs this.

Use: PYTHON .ci/install.py [ARGUMENT...]      the arguments of `pip install`

uv does it four times quicker than pip but does not read pip's configuration, so what pip was told
about indexes, certificates and proxies is handed over. Where uv cannot do it, pip does. Without
arguments only uv itself is installed, so that several of these may run at once afterwards.
"""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from importlib.util import find_spec

PIP = [sys.executable, "-m", "pip"]
QUIET = ["--quiet", "--disable-pip-version-check"]
# What pip calls it, what uv calls it, and what stands between several values there.
SETTINGS = [
    ("index-url", "UV_DEFAULT_INDEX", " "),
    ("extra-index-url", "UV_INDEX", " "),
    ("find-links", "UV_FIND_LINKS", ","),
    ("no-index", "UV_NO_INDEX", " "),
    ("trusted-host", "UV_INSECURE_HOST", " "),
    ("cert", "SSL_CERT_FILE", " "),
    ("proxy", "ALL_PROXY", " "),
]


def pip_settings() -> dict[str, list[str]]:
    """Return pip's settings by their short name; a variable counts before a file, as in pip."""
    listing = subprocess.run([*PIP, "config", "list"], capture_output=True, text=True, check=False)
    settings: dict[str, list[str]] = {}
    variables: dict[str, list[str]] = {}
    for line in listing.stdout.splitlines():
        key, _, value = line.partition("=")
        where, _, name = key.rpartition(".")
        home = variables if where == ":env:" else settings
        home[name] = str(ast.literal_eval(value)).split()
    return settings | variables


def uv_environment() -> dict[str, str]:
    """Return this process's environment with pip's settings in uv's words."""
    environment = dict(os.environ)
    settings = pip_settings()
    for pip_name, uv_name, between in SETTINGS:
        if pip_name in settings:
            environment.setdefault(uv_name, between.join(settings[pip_name]))
    if "extra-index-url" in settings:
        # pip takes the best version of all its indexes; by default uv stops at the first one.
        environment.setdefault("UV_INDEX_STRATEGY", "unsafe-best-match")
    return environment


def with_uv(arguments: list[str]) -> bool:
    """Install with uv; False where uv is not to be had or cannot."""
    if (
        not find_spec("uv")
        and subprocess.run([*PIP, "install", *QUIET, "uv"], check=False).returncode
    ):
        return False
    if not arguments:
        return True
    uv = [sys.executable, "-m", "uv", "pip", "install", "--python", sys.executable]
    command = [*uv, "--quiet", "--compile-bytecode", *arguments]
    return not subprocess.run(command, env=uv_environment(), check=False).returncode


def main(arguments: list[str]) -> int:
    """Install with uv, else with pip; return the exit code."""
    if with_uv(arguments):
        return 0
    if not arguments:
        return 0
    print("uv could not install the packages; pip tries now, which takes longer.", flush=True)
    return subprocess.run([*PIP, "install", *QUIET, *arguments], check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
