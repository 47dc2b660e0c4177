"""The one tree of errors.

    MlcdError                      I cannot do what you asked
    ├── UsageError                 the request itself is wrong                     exit 2, HTTP 400
    │   ├── ConfigError            mlcd.toml is wrong: file, line, nearest key     exit 2, HTTP 422
    │   ├── ParameterError         a parameter is unknown, ill-typed or unsafe     exit 2, HTTP 422
    │   └── NotFoundError          no such project, run, evidence, version         exit 2, HTTP 404
    ├── RefusedError               understood, and not allowed in this state       exit 3, HTTP 409
    │   └── GateError              a rule is not met; carries its findings         exit 1, HTTP 409
    └── WorldError                 something outside failed: git, disk, network    exit 4, HTTP 502
        ├── GitError
        ├── SigningError           a signature could not be made or looked at: no key, locked key
        ├── ExecutionError         a kernel or a runner could not be started or was lost
        ├── HubError               GitHub, GitLab or Azure DevOps did not answer as it should
        └── TargetError            a delivery target did not do what it was asked

A failing notebook is a Verdict and a failing rule is a Finding: both are values. Only "I cannot
do what you asked" is raised. Every error says what happened in ``message`` and what is safe and
what to do next in ``hint``; it survives pickle and JSON, and every door prints the same words.
"""

from __future__ import annotations

from typing import Any, ClassVar

import msgspec


class Problem(msgspec.Struct, frozen=True, omit_defaults=True):
    """An error as every door shows it."""

    code: str
    """Stable, kebab-case name of what went wrong."""
    message: str
    """What happened and where, in a sentence."""
    hint: str = ""
    """What is safe and what to do next."""
    details: dict[str, Any] = {}
    """Machine-readable facts, for example ``file`` and ``line``."""


class MlcdError(Exception):
    """What was asked for cannot be done."""

    default_code: ClassVar[str] = "error"
    exit_code: ClassVar[int] = 3
    http_status: ClassVar[int] = 409

    def __init__(
        self,
        message: str,
        *,
        code: str = "",
        hint: str = "",
        details: dict[str, Any] | None = None,
    ) -> None:
        """Say what happened (``message``) and what to do next (``hint``)."""
        super().__init__(message)
        self.message = message
        self.code = code or self.default_code
        self.hint = hint
        self.details = details or {}

    def __reduce__(self) -> tuple[Any, ...]:
        """Keep every field across processes."""
        return (_rebuild, (type(self), self.message, self.code, self.hint, self.details))

    @property
    def problem(self) -> Problem:
        """This error as a wire value."""
        return Problem(self.code, self.message, self.hint, self.details)


def _rebuild(
    kind: type[MlcdError], message: str, code: str, hint: str, details: dict[str, Any]
) -> MlcdError:
    return kind(message, code=code, hint=hint, details=details)


class UsageError(MlcdError):
    """The request itself is wrong."""

    default_code = "usage"
    exit_code = 2
    http_status = 400


class ConfigError(UsageError):
    """mlcd.toml is wrong; ``details`` carries ``file``, ``line`` and ``key``."""

    default_code = "config"
    http_status = 422


class ParameterError(UsageError):
    """A parameter is unknown, ill-typed or unsafe."""

    default_code = "parameter"
    http_status = 422


class NotFoundError(UsageError):
    """There is no such project, run, evidence or version."""

    default_code = "not-found"
    http_status = 404


class RefusedError(MlcdError):
    """Understood, and not allowed in the present state."""

    default_code = "refused"


class GateError(RefusedError):
    """At least one rule is not met; ``details["findings"]`` lists the findings."""

    default_code = "gate"
    exit_code = 1


class WorldError(MlcdError):
    """Something outside failed: the disk, another program, the network."""

    default_code = "world"
    exit_code = 4
    http_status = 502


class GitError(WorldError):
    """Git said no; ``code`` tells why."""

    default_code = "git"


class SigningError(WorldError):
    """A signature could not be made or looked at; ``code`` tells why. A bad one is a value."""

    default_code = "signing"


class ExecutionError(WorldError):
    """A kernel or a runner could not be started or was lost."""

    default_code = "execution"


class HubError(WorldError):
    """Where the repository is kept did not answer as it should; ``code`` tells why."""

    default_code = "hub"


class TargetError(WorldError):
    """A delivery target did not do what it was asked."""

    default_code = "target"
