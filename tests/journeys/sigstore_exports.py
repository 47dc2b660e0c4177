"""Exports signed by Sigstore: made by the command, and looked at as `evidence verify` does it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from jupyter_mlcd.cli.exchange import keyless_by, verify_outside
from jupyter_mlcd.model.project import SigstoreTable
from tests.bundle.sigstore_authority import ISSUER
from tests.journeys.projects import Ended, mlcd

if TYPE_CHECKING:
    from pathlib import Path

    from jupyter_mlcd.model.status import Check, Verification
    from tests.bundle.sigstore_service import Service
    from tests.faults.kept import Stage

WORKFLOW: Final = "https://github.com/example/digits/.github/workflows/mlcd.yml@refs/heads/main"
STEP: Final = "who signed it by Sigstore"
THEM: Final = (WORKFLOW, ISSUER)
PIPELINES: Final = ("GITHUB_ACTIONS", "GITLAB_CI", "BUILDKITE", "CIRCLECI")
NOBODY: Final = dict.fromkeys(("SIGSTORE_IDENTITY_TOKEN", *PIPELINES), "")
"""Variables of who is in no pipeline, also where these tests run in one."""
BY_THE_WORKFLOW: Final = ("--sigstore-identity", WORKFLOW, "--sigstore-issuer", ISSUER)


def export(
    released: Stage, service: Service, output: Path, *more: str, subject: str = "0.1.0"
) -> Ended:
    given = ("--sigstore", "--sigstore-trust", str(service.trust()), "--output", str(output))
    token = ("--sigstore-token", str(service.token(WORKFLOW)))
    return mlcd(released.folder, "evidence", "export", subject, *given, *token, *more)


def looked(service: Service, place: Path, who: tuple[str, str] | None = None) -> Verification:
    """Return what `evidence verify --sigstore-trust` finds, and `--sigstore-identity` with it."""
    named = SigstoreTable(identity=who[0], issuer=who[1]) if who else None
    return verify_outside(place, None, None, keyless_by(named, service.trust()))


def step(found: Verification) -> Check:
    (one,) = [one for one in found.checks if one.name == STEP]
    return one


def bad(found: Verification) -> str:
    return "; ".join(one.words for one in found.checks if not one.ok)
