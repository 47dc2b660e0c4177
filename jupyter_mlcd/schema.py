"""One JSON Schema of everything that goes over the wire: ``python -m jupyter_mlcd.schema``.

The front end's types are generated from it, so that no field is written down twice. It describes
what the server sends, not what it accepts: a field with a default is always there, because msgspec
writes it, unless its type says ``omit_defaults`` or the field may be unset.
"""

from __future__ import annotations

import json
import sys
from typing import Any

import msgspec

from jupyter_mlcd.model.acceptance import Accepted
from jupyter_mlcd.model.audit import Audit, StatusThen
from jupyter_mlcd.model.ci import CiPreview, CiRun
from jupyter_mlcd.model.comparison import CaseChanges, EvidenceChanges, ScoreHistory
from jupyter_mlcd.model.delivery import Delivery
from jupyter_mlcd.model.erasure import ErasurePlan
from jupyter_mlcd.model.errors import Problem
from jupyter_mlcd.model.evidence import Evidence, Manifest
from jupyter_mlcd.model.figures import Figures
from jupyter_mlcd.model.flow import Hold, LiveCheck, Watch
from jupyter_mlcd.model.hub import Told
from jupyter_mlcd.model.kept import Kept
from jupyter_mlcd.model.parameter_form import ParameterForm
from jupyter_mlcd.model.plain_commands import Commands
from jupyter_mlcd.model.pruning import Pruned
from jupyter_mlcd.model.release_changes import ReleaseChanges
from jupyter_mlcd.model.review import Shared
from jupyter_mlcd.model.review_page import ReviewPage, ReviewPreview
from jupyter_mlcd.model.run import Run
from jupyter_mlcd.model.run_log import RunLog
from jupyter_mlcd.model.scored_live import LiveScoring
from jupyter_mlcd.model.secret import SecretsFound
from jupyter_mlcd.model.set_up import SetUpDone, SetUpPreview, SetUpProposal
from jupyter_mlcd.model.shown_evidence import ShownEvidence
from jupyter_mlcd.model.status import (
    Changes,
    Committed,
    Deliveries,
    Diagnosis,
    EvidenceStatus,
    Preview,
    ProjectReference,
    Status,
    Verification,
)

WIRE_TYPES: tuple[type[msgspec.Struct], ...] = (
    Accepted,
    Audit,
    CaseChanges,
    Changes,
    CiPreview,
    CiRun,
    Commands,
    Committed,
    Deliveries,
    Delivery,
    Diagnosis,
    ErasurePlan,
    Evidence,
    EvidenceChanges,
    EvidenceStatus,
    Figures,
    Hold,
    Kept,
    LiveCheck,
    LiveScoring,
    Manifest,
    ParameterForm,
    Preview,
    Problem,
    ProjectReference,
    Pruned,
    ReleaseChanges,
    ReviewPage,
    ReviewPreview,
    Run,
    RunLog,
    ScoreHistory,
    SecretsFound,
    SetUpDone,
    SetUpPreview,
    SetUpProposal,
    Shared,
    ShownEvidence,
    Status,
    StatusThen,
    Told,
    Verification,
    Watch,
)
"""What the routes answer; the types inside them follow by themselves."""


def wire_schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) that holds every wire type under ``$defs``."""
    _, components = msgspec.json.schema_components(WIRE_TYPES, ref_template="#/$defs/{name}")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Wire",
        "description": "What the server of jupyter_mlcd sends.",
        "$defs": {name: _as_sent(components[name]) for name in sorted(components)},
    }


def _as_sent(component: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of one type with every field that is always written made required."""
    if "properties" not in component:
        return component
    fields = {
        name: {key: value for key, value in field.items() if key != "default"}
        for name, field in component["properties"].items()
    }
    # A field that may be unset has no default there: it is written only where it is set.
    may_be_unset = [
        name
        for name, field in component["properties"].items()
        if "default" not in field and name not in component["required"]
    ]
    sent = [name for name in fields if name not in may_be_unset]
    required = component["required"] if component["title"] in _MAY_OMIT else sent
    return {
        **component,
        "properties": fields,
        "required": required,
        "additionalProperties": False,
    }


_MAY_OMIT = {kind.__name__ for kind in WIRE_TYPES if kind.__struct_config__.omit_defaults}


def main() -> None:
    """Print the schema."""
    json.dump(wire_schema(), sys.stdout, indent=2)
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()
