"""Schemathesis against a real server with real projects: what the OpenAPI document promises holds.

All of Schemathesis's checks are on. ``python -m tests.server.fuzzing N`` asks each route up to N
times in each of its ways; the tests run the same with a small N.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from unittest.mock import patch

import psutil

from jupyter_mlcd.server.projects import project_id
from jupyter_mlcd.server.routes import ROUTES
from jupyter_mlcd.workbench import Workbench
from tests.browser.lab import Lab
from tests.journeys.projects import CHECKOUT, repository
from tests.server.lived_in import BODIES, live_in

if TYPE_CHECKING:
    from collections.abc import Iterator

_SEED = 20
# What a schema cannot say is told as 400 or 422 in words: a suite that is named nowhere, a path
# that leads out of the project. That is no fault of a body of the right form.
_CONFIG = """
hooks = "tests.server.fuzzing_hooks"
[checks.positive_data_acceptance]
expected-statuses = ["2xx", "400", "403", "404", "409", "422"]
"""


@dataclass(frozen=True)
class Fuzzed:
    """What came of it."""

    code: int
    """Schemathesis's exit code; 0 means that no check failed."""
    said: str
    answers: Counter[tuple[str, int]]
    """``{(operation, status): times}``."""

    @property
    def requests(self) -> int:
        """How many requests were sent."""
        return self.answers.total()


@contextmanager
def served_projects() -> Iterator[tuple[Lab, Path]]:
    """Serve projects in every state that a folder can be in; nothing goes on afterwards."""
    place = Path(tempfile.mkdtemp(prefix="mlcd-fuzz-"))
    with patch.dict(os.environ, {"XDG_RUNTIME_DIR": str(place)}):
        root = place / "root"
        lived = live_in(root / "lived")
        for name in ("bare", "broken"):
            shutil.copy(lived.folder / "one.ipynb", repository(root / name))
        (root / "broken" / "mlcd.toml").write_text("[project]\nnam = 3\n")
        (root / "plain").mkdir()
        (change,) = Workbench(lived.folder).show_run(lived.draft).cases[0].cells[1].differences
        picture = dict(zip(("folder", "name"), change.picture.split("/")[-2:], strict=True))
        names = {
            "projects": [project_id(one) for one in ("lived", "bare", "broken", "plain", "lived")],
            "names": lived.names | picture | {"run": lived.draft, "cell": "1"},
            "kept": lived.kept,
            "query": {"describe_parameters": {"notebook": "one.ipynb"}},
            "bodies": BODIES,
        }
        (place / "names.json").write_text(json.dumps(names))
        server = Lab(root, place / "home", "jupyter_server")
        server.start()
        try:
            yield server, place
        finally:
            server.stop()
            _end_what_goes_on(place)
            shutil.rmtree(place, ignore_errors=True)


def fuzz(server: Lab, place: Path, examples: int) -> Fuzzed:
    """Ask every route of the document that the server itself gives."""
    (place / "schemathesis.toml").write_text(_CONFIG)
    address = f"http://127.0.0.1:{server.port}/mlcd/openapi.json"
    command = [sys.executable, "-P", "-m", "schemathesis.cli"]
    command += ["--config-file", str(place / "schemathesis.toml"), "run", address]
    command += ["--header", f"Authorization: token {server.token}", "--checks", "all"]
    command += ["--seed", str(_SEED), "--max-examples", str(examples), "--no-color"]
    command += ["--continue-on-failure", "--generation-database", "none", "--no-shrink"]
    # How fast it is, benchmarks tell; here other tests may have the processors.
    command += ["--request-timeout", "120", "--max-response-time", "120"]
    command += ["--suppress-health-check", "all", "--output-truncate", "false"]
    command += ["--report", "ndjson", "--report-ndjson-path", str(place / "events.ndjson")]
    environment = {
        **os.environ,
        "PYTHONPATH": str(CHECKOUT),
        "MLCD_FUZZ_NAMES": str(place / "names.json"),
        "MLCD_FUZZ_ANSWERS": str(place / "answers.txt"),
        "SCHEMATHESIS_HOOKS": "tests.server.fuzzing_hooks",
    }
    ended = subprocess.run(
        command, cwd=place, env=environment, capture_output=True, text=True, check=False
    )
    lines = (place / "answers.txt").read_text().splitlines()
    answers = Counter((line.split("\t")[0], int(line.split("\t")[1])) for line in lines)
    return Fuzzed(ended.returncode, ended.stdout + ended.stderr, answers)


def _end_what_goes_on(place: Path) -> None:
    """End runs and nurseries that requests have started: they carry the place in their words."""
    for process in psutil.process_iter(["cmdline"]):
        if str(place) in " ".join(process.info["cmdline"] or ()):
            process.kill()


def in_words(found: Fuzzed) -> str:
    """Return the counts, a line for each operation."""
    lines = []
    for name in sorted({operation for operation, _ in found.answers}):
        codes = {code: times for (one, code), times in found.answers.items() if one == name}
        told = ", ".join(f"{times} x {code}" for code, times in sorted(codes.items()))
        lines.append(f"  {name:24} {told}")
    total = Counter(code for (_, code), times in found.answers.items() for _ in range(times))
    errors = sum(times for code, times in total.items() if code >= 500)
    lines.append(f"{found.requests} requests to {len(ROUTES) + 2} routes, {errors} server errors")
    return "\n".join(lines)


def main() -> int:
    """Ask as often as the command line says, and print what came of it."""
    examples = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    with served_projects() as (server, place):
        found = fuzz(server, place, examples)
    print(found.said if found.code else found.said[-2000:])
    print(in_words(found))
    return found.code


if __name__ == "__main__":
    sys.exit(main())
