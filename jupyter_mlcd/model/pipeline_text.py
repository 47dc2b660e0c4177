"""The texts of pipelines, from templates and from what mlcd.toml says.

A template is the file as it will be, with names between ``@`` where something is filled in. A line
that holds a name and nothing else becomes all lines of what it stands for, indented as it was, or
none. What is filled in may hold names itself.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final, TypeVar

from jupyter_mlcd.model.errors import RefusedError
from jupyter_mlcd.model.issue import azure_project, place_of
from jupyter_mlcd.model.pipelines import CiSystem
from jupyter_mlcd.model.project import entry_of
from jupyter_mlcd.model.target import AzureDevOpsTable, GitHubTable, GitLabTable, JenkinsTable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from jupyter_mlcd.model.pipelines import PipelineFacts
    from jupyter_mlcd.model.project import Project

    Templates = Mapping[str, str]
    """``{path below pipelines/: text}``."""

_Table = TypeVar("_Table")
_NAME: Final = re.compile(r"@([a-z-]+)@")
_ALONE: Final = re.compile(r"( *)@([a-z-]+)@")
# These texts end up in YAML, Groovy and a shell at once: nothing that any of them could read.
_PLAIN: Final = re.compile(r"[A-Za-z0-9._/-]*")
_OURS: Final = ("mlcd_delivery_id", "version", "digest", "tag", "environment")

# Commits that the repositories of these actions have under the tag beside them.
_ACTIONS: Final = {
    "checkout": "actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1",
    "setup-python": "actions/setup-python@5fda3b95a4ea91299a34e894583c3862153e4b97 # v7.0.0",
    "upload": "actions/upload-artifact@bbbca2ddaa5d8feaa63e36b76fdaad77386f024f # v7.0.0",
    "download": "actions/download-artifact@3e5f45b2cfb9172054b4087a40e8e0b5a5461e7c # v8.0.1",
}
_EXTRAS: Final = {"s3": "cloud-s3", "az": "cloud-azure", "abfs": "cloud-azure"}
_KEYS: Final = {
    "s3": ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"),
    **dict.fromkeys(("az", "abfs"), ("AZURE_STORAGE_CONNECTION_STRING",)),
}
_TABLES: Final = {
    CiSystem.GITHUB: GitHubTable,
    CiSystem.AZURE: AzureDevOpsTable,
    CiSystem.GITLAB: GitLabTable,
    CiSystem.JENKINS: JenkinsTable,
}


def pipeline_texts(
    system: CiSystem, project: Project, facts: PipelineFacts, templates: Templates
) -> dict[str, str]:
    """Return ``{path from the repository's top: text}``. Raises RefusedError for odd names."""
    for odd in (facts.prefix, facts.branch, facts.requirements):
        if not _PLAIN.fullmatch(odd):
            message = f"{odd!r} cannot be written into a pipeline"
            raise RefusedError(
                message, code="odd-name", hint="Use letters, digits, dots and hyphens in its name."
            )
    parts = {**_shared(project, facts, templates), **_ACTIONS}
    match system:
        case CiSystem.GITHUB:
            return _github(project, facts, templates, parts)
        case CiSystem.AZURE:
            return _azure(project, facts, templates, parts)
        case CiSystem.GITLAB:
            return _gitlab(project, facts, templates, parts)
        case CiSystem.JENKINS:
            return _jenkins(project, facts, templates, parts)


def keys_of_store(project: Project) -> tuple[str, ...]:
    """Return the variables in which the shared Store's own tools look for a key, if known."""
    return _KEYS.get(project.project.store.partition("://")[0], ())


def ci_lines(
    system: CiSystem, facts: PipelineFacts, address: str, name: str = ""
) -> tuple[str, bool]:
    """Return ``[ci]`` for the pipeline of the suites, and whether it says all that is needed.

    ``address`` is that of the git remote. What nobody here can know stands in capitals.
    """
    keys: dict[str, str | int] = {}
    is_whole = True
    match system:
        case CiSystem.GITHUB:
            keys["workflow"] = f"mlcd{f'-{name}' if facts.several_projects else ''}.yml"
        case CiSystem.AZURE:
            host, path = place_of(address)
            parts = azure_project(host, path).split("/")[3:]
            keys |= dict(
                zip(("organization", "project"), [*parts, "ORGANIZATION", "PROJECT"], strict=False)
            )
            keys["pipeline"] = 0
            is_whole = False
        case CiSystem.JENKINS:
            keys |= {"url": "https://JENKINS", "job": "FOLDER/NAME"}
            is_whole = False
        case CiSystem.GITLAB:
            pass
    kind = "azure-devops" if system is CiSystem.AZURE else system.value
    lines = {"kind": kind, **keys, "branch": facts.branch}
    return "[ci]\n" + "".join(
        f"{key} = {json.dumps(value)}\n" for key, value in lines.items()
    ), is_whole


def reached(system: CiSystem, project: Project) -> list[str]:
    """Return the environments that are delivered to through this system."""
    table = _TABLES[system]
    return [name for name in project.ladder() if isinstance(project.target(name), table)]


def fill(template: str, parts: Mapping[str, str]) -> str:
    """Return a template with its names replaced."""
    return "".join(f"{line}\n" for line in _filled(template, parts))


def _filled(template: str, parts: Mapping[str, str]) -> Iterator[str]:
    for line in template.splitlines():
        alone = _ALONE.fullmatch(line)
        if alone is None:
            yield _NAME.sub(lambda found: parts[found[1]], line)
            continue
        for inner in _filled(parts[alone[2]], parts):
            yield alone[1] + inner if inner else ""


def _shared(project: Project, facts: PipelineFacts, templates: Templates) -> dict[str, str]:
    scripts = {
        path.removeprefix("shared/").removesuffix(".sh").replace("_", "-"): text
        for path, text in templates.items()
        if path.startswith("shared/")
    }
    own = f"jupyter_mlcd=={facts.release}"
    requirements = f" --requirement {facts.requirements}" if facts.requirements else ""
    store = project.project.store
    extra = _EXTRAS.get(store.partition("://")[0], "cloud")
    return {
        **scripts,
        "if-shared-carry": scripts["carry-store"] if store else "",
        "if-shared-take": scripts["take-store"] if store else "",
        "files": " --files" if store else "",
        "with-products": " --with-products" if store else "",
        "store-env": "",
        "name": project.name,
        "branch": facts.branch,
        "python": facts.python,
        "folder": facts.prefix,
        "cd": f"cd {facts.prefix.rstrip('/')}" if facts.prefix else "",
        "suites": " ".join(project.suites),
        "verifier": f'"jupyter_mlcd[{extra}]=={facts.release}"' if store else own,
        "packages": own + requirements,
    }


# --------------------------------------------------------------------------------------- GitHub


def _github(
    project: Project, facts: PipelineFacts, templates: Templates, parts: dict[str, str]
) -> dict[str, str]:
    own = f"-{project.name}" if facts.several_projects else ""
    title = {"title": f"mlcd{own}"}
    keys = [f"{name}: ${{{{ secrets.{name} }}}}" for name in keys_of_store(project)]
    parts = parts | {"store-env": "\n".join(keys)}
    texts = {f".github/workflows/mlcd{own}.yml": fill(templates["github/test.yml"], parts | title)}
    tables = _tables(project, GitHubTable)
    names = dict.fromkeys(table.workflow for table in tables.values() if table.workflow)
    for place, name in enumerate(names or [f"deliver{own}.yml"]):
        here = {at: one for at, one in tables.items() if one.workflow == name}
        events = {at: one for at, one in tables.items() if one.event and place == 0}
        asked = [at for at, one in tables.items() if one.deployment and place == 0]
        given = _given_to_github(project, here, events, asked, templates)
        title = {"title": name.rpartition(".")[0]}
        collect = _collecting(project, {at: tables[at] for at in (*here, *events, *asked)}, parts)
        states = _states(parts, templates, is_asked=bool(asked))
        text = fill(templates["github/deliver.yml"], parts | given | collect | title | states)
        texts[f".github/workflows/{name}"] = text
    return texts


def _given_to_github(
    project: Project,
    started: Mapping[str, GitHubTable],
    sent: Mapping[str, GitHubTable],
    asked: Sequence[str],
    templates: Templates,
) -> dict[str, str]:
    """Return by which events a workflow starts, and where it finds our five values."""
    more = dict.fromkeys(name for table in started.values() for name in table.inputs)
    kind = {"environment-type": _choice("type: choice\noptions:", started) or "type: string"}
    inputs = {"more-inputs": "\n".join(f"{name}:\n  type: string" for name in more)}
    types = dict.fromkeys(
        table.event.replace("{environment}", at).replace("{project}", project.name)
        for at, table in sent.items()
    )
    listed = ", ".join(f'"{one}"' for one in types)
    ways = [*(["inputs"] if started or not (sent or asked) else []),
            *(["github.event.client_payload"] if sent else []),
            *(["github.event.deployment.payload"] if asked else [])]  # fmt: skip
    expressions = {name: " || ".join(f"{way}.{name}" for way in ways) for name in _OURS}
    manual = fill(templates["github/inputs.yml"], kind | inputs) if "inputs" in ways else ""
    return {
        **expressions,
        "key": expressions["mlcd_delivery_id"],
        "workflow-dispatch": manual,
        "repository-dispatch": f"repository_dispatch:\n  types: [{listed}]" if sent else "",
        "deployment": "deployment:" if asked else "",
    }


def _states(parts: Mapping[str, str], templates: Templates, *, is_asked: bool) -> dict[str, str]:
    """Return the jobs that write the states of a deployment, and how the delivery waits for one.

    Other tools ask for deployments of a repository too: those without our key are not ours.
    """
    if not is_asked:
        return {"states": "", "after-began": ""}
    is_ours = "github.event.deployment.payload.mlcd_delivery_id"
    is_deployment = f"github.event_name == 'deployment' && {is_ours}"
    condition = f"!cancelled() && !failure() && (github.event_name != 'deployment' || {is_ours})"
    own = {"is-deployment": is_deployment}
    return {
        "states": fill(templates["github/states.yml"], {**parts, **own}),
        "after-began": f"needs: began\nif: ${{{{ {condition} }}}}",
    }


def _collecting(
    project: Project, tables: Mapping[str, GitHubTable], parts: Mapping[str, str]
) -> dict[str, str]:
    """Return how the files come: from GitHub's release where all are published there."""
    if not (tables and all(table.release for table in tables.values())):
        return {"collect-env": _env(parts["store-env"])}
    nested = [path for path in _produced(project) if "/" in path]
    # GitHub knows no folders: it has models/a.bin as models.a.bin.
    moves = [
        f'test ! -e "delivered/{path.replace("/", ".")}" || '
        f'{{ mkdir -p "delivered/{path.rpartition("/")[0]}"; '
        f'mv "delivered/{path.replace("/", ".")}" "delivered/{path}"; }}'
        for path in nested
        if _PLAIN.fullmatch(path)
    ]
    return {
        "collect": parts["collect-release"],
        "folders": "\n".join(moves),
        "collect-env": "env:\n  GH_TOKEN: ${{ github.token }}",
    }


def _env(lines: str) -> str:
    return "\n".join(["env:", *(f"  {line}" for line in lines.splitlines())]) if lines else ""


def _produced(project: Project) -> list[str]:
    entries = [entry_of(one) for suite in project.suites.values() for one in suite.notebooks]
    return list(dict.fromkeys(path for one in entries for path in one.produces))


# ------------------------------------------------------------------------------------ the others


def _azure(
    project: Project, facts: PipelineFacts, templates: Templates, parts: dict[str, str]
) -> dict[str, str]:
    tables = _tables(project, AzureDevOpsTable)
    more = dict.fromkeys(name for table in tables.values() for name in table.parameters)
    keys = [f"{name}: $({name})" for name in keys_of_store(project)]
    parts = parts | {"store-env": "\n".join(keys)}
    own = {
        "collect-env": _env(parts["store-env"]),
        "environment-values": _choice("values:", tables),
        "more-parameters": "\n".join(
            f'- name: {name}\n  type: string\n  default: ""' for name in more
        ),
    }
    return {
        f"{facts.prefix}azure-pipelines.yml": fill(templates["azure/test.yml"], parts),
        f"{facts.prefix}azure-pipelines-deliver.yml": fill(
            templates["azure/deliver.yml"], parts | own
        ),
    }


def _gitlab(
    project: Project, facts: PipelineFacts, templates: Templates, parts: dict[str, str]
) -> dict[str, str]:
    own = f"-{project.name}" if facts.several_projects else ""
    tag = re.escape(project.name).replace(r"\-", "-")
    about = {
        "job": f"mlcd{own}",
        # All lines of a script are one shell there.
        "cd": f'cd "$CI_PROJECT_DIR/{facts.prefix}"' if facts.prefix else "",
        "own-tag": f" && $MLCD_TAG =~ /^{tag}\\/v/" if facts.several_projects else "",
    }
    return {
        ".gitlab-ci.yml": fill(templates["gitlab/ci.yml"], parts),
        f".gitlab/mlcd{own}.yml": fill(templates["gitlab/mlcd.yml"], parts | about),
    }


def _jenkins(
    project: Project, facts: PipelineFacts, templates: Templates, parts: dict[str, str]
) -> dict[str, str]:
    tables = _tables(project, JenkinsTable)
    more = dict.fromkeys(name for table in tables.values() for name in table.parameters)
    own = {"more-parameters": "\n".join(f"string(name: '{name}')" for name in more)}
    return {
        f"{facts.prefix}Jenkinsfile": fill(templates["jenkins/Jenkinsfile"], parts),
        f"{facts.prefix}Jenkinsfile.deliver": fill(
            templates["jenkins/Jenkinsfile.deliver"], parts | own
        ),
    }


def _tables(project: Project, kind: type[_Table]) -> dict[str, _Table]:
    found = {name: project.target(name) for name in project.ladder()}
    return {name: table for name, table in found.items() if isinstance(table, kind)}


def _choice(head: str, names: Iterable[str]) -> str:
    """Return a closed list of environments; empty where there are none to list."""
    listed: Sequence[str] = [f'  - "{name}"' for name in names]
    return "\n".join([head, *listed]) if listed else ""
