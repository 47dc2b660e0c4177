"""The real servers, from the environment that ``make real`` made; each in a folder of its own."""

from __future__ import annotations

import os
import socket
import subprocess
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest

from jupyter_mlcd.world.process import end_tree, identity_of
from tests.targets.servers.buildbot_stand_in import BAD_VERSION, DECLARED, NAME, PASSWORD

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

PLACE = Path(__file__).parents[3] / ".venv-real"
BIN = PLACE / "bin"
AZURITE = PLACE / "azurite/node_modules/.bin/azurite-blob"
_SECONDS = 120.0

MASTER = """
from buildbot.plugins import schedulers, steps, util, worker

c = BuildmasterConfig = {{}}
c["workers"] = [worker.LocalWorker("local", max_builds=4)]
c["protocols"] = {{"null": {{}}}}  # a LocalWorker needs none, and the master asks for one
source = util.CodebaseParameter(
    "",
    branch=util.StringParameter("branch", default=""),
    revision=util.StringParameter("revision", default=""),
    repository=util.FixedParameter("repository", default=""),
    project=util.FixedParameter("project", default=""),
)
declared = [util.StringParameter(name=one, required=one == "version") for one in {declared!r}]
c["schedulers"] = [
    schedulers.ForceScheduler("deliver", ["deliver"], codebases=[source], properties=declared),
    schedulers.ForceScheduler("plain", ["deliver"], codebases=[source]),
    schedulers.AnyBranchScheduler(
        "tags", builderNames=["tagged"], change_filter=util.ChangeFilter(category="tag")
    ),
]
wait = "until [ -e {folder}/go-$0 ]; do sleep 0.05; done; test $1 != {bad}"
command = ["sh", "-c", wait, util.Property("mlcd_delivery_id"), util.Property("version")]
bring = steps.ShellCommand(name="bring", command=command)
show = steps.ShellCommand(name="show", command=["echo", util.Property("branch")])
c["builders"] = [
    util.BuilderConfig("deliver", workernames=["local"], factory=util.BuildFactory([bring])),
    util.BuilderConfig("tagged", workernames=["local"], factory=util.BuildFactory([show])),
]
c["www"] = {{
    "port": "tcp:{port}:interface=127.0.0.1",
    "change_hook_dialects": {{"github": {{"secret": {password!r}, "strict": True}}}},
    "auth": util.UserPasswordAuth({{{name!r}: {password!r}}}),
    "authz": util.Authz(
        allowRules=[util.AnyControlEndpointMatcher(role="deployers")],
        roleMatchers=[util.RolesFromUsername(roles=["deployers"], usernames=[{name!r}])],
    ),
}}
c["buildbotNetUsageData"] = None
c["buildbotURL"] = "http://127.0.0.1:{port}/"
c["db"] = {{"db_url": "sqlite:///state.sqlite"}}
"""


def program(name: str) -> str:
    """Return a program of that environment."""
    if not (BIN / name).exists():
        pytest.fail(f"{BIN / name} is not there: type make real")
    return str(BIN / name)


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


@contextmanager
def running(
    command: Sequence[str], folder: Path, ready: str, more: Mapping[str, str] | None = None
) -> Iterator[None]:
    """Run a server until the end of the context; wait until it answers at ``ready``."""
    # Without their compiled code these start three times slower.
    environ = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    environ |= {"PATH": f"{BIN}{os.pathsep}{environ['PATH']}", **(more or {})}
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(
            ["nice", "-n", "15", *command], cwd=folder, env=environ, stdout=log, stderr=log,
            start_new_session=True,
        )  # fmt: skip
    try:
        end = time.monotonic() + _SECONDS
        while not _answers(ready):
            if server.poll() is not None or time.monotonic() > end:
                pytest.fail((folder / "log").read_text()[-2000:])
            time.sleep(0.2)
        yield
    finally:
        # MLflow's workers outlive it otherwise.
        if found := identity_of(server.pid):
            end_tree(found, 10.0)
        server.wait(10)


def _answers(url: str) -> bool:
    try:
        httpx.get(url, timeout=5)
    except httpx.HTTPError:
        return False
    return True


@contextmanager
def real_mlflow(folder: Path, people: Mapping[str, str] | None = None) -> Iterator[str]:
    """Give the address of an MLflow server with sqlite.

    With ``people`` it asks for a name and a password; the first of them may do everything, the
    others read what is not theirs.
    """
    url = f"http://127.0.0.1:{(port := free_port())}"
    command = [
        program("mlflow"), "server", "--host", "127.0.0.1", "--port", str(port),
        "--backend-store-uri", f"sqlite:///{folder}/mlflow.db",
        "--artifacts-destination", str(folder / "artifacts"), "--workers", "1",
    ]  # fmt: skip
    # Else it starts seven processes more, which outlive it.
    quiet = {"MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false", "MLFLOW_DISABLE_TELEMETRY": "true"}
    names = list(people or {})
    words = dict(people or {})
    if names:
        (folder / "auth.ini").write_text(
            f"[mlflow]\ndefault_permission = READ\ndatabase_uri = sqlite:///{folder}/auth.db\n"
            f"admin_username = {names[0]}\nadmin_password = {words[names[0]]}\n"
            "authorization_function = mlflow.server.auth:authenticate_request_basic_auth\n"
        )
        command += ["--app-name", "basic-auth"]
        quiet |= {"MLFLOW_AUTH_CONFIG_PATH": str(folder / "auth.ini")}
        quiet |= {"MLFLOW_FLASK_SERVER_SECRET_KEY": "of no server"}
    with running(command, folder, f"{url}/health", quiet):
        for name in names[1:]:
            path = f"{url}/api/2.0/mlflow/users/create"
            made = {"username": name, "password": words[name]}
            httpx.post(path, json=made, auth=(names[0], words[names[0]])).raise_for_status()
        yield url


@contextmanager
def real_buildbot(folder: Path) -> Iterator[str]:
    """Give the address of a master with a worker in it."""
    port = free_port()
    making = [program("buildbot"), "create-master", "master"]
    subprocess.run(making, cwd=folder, check=True, capture_output=True)
    (folder / "master/master.cfg").write_text(
        MASTER.format(
            declared=DECLARED, folder=folder, bad=BAD_VERSION, port=port, name=NAME,
            password=PASSWORD,
        )
    )  # fmt: skip
    command = [program("twistd"), "--nodaemon", "--no_save", "--pidfile=", "-y", "buildbot.tac"]
    url = f"http://127.0.0.1:{port}"
    with running(command, folder / "master", f"{url}/api/v2"):
        yield url


@contextmanager
def real_s3(folder: Path) -> Iterator[dict[str, str]]:
    """Give the variables that lead to moto's server."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    with running([program("moto_server"), "-H", "127.0.0.1", "-p", str(port)], folder, url):
        httpx.put(f"{url}/models").raise_for_status()
        yield {
            "AWS_ENDPOINT_URL": url,
            "AWS_ACCESS_KEY_ID": "of-no-cloud",
            "AWS_SECRET_ACCESS_KEY": "of-no-cloud",
            "AWS_DEFAULT_REGION": "us-east-1",
        }


@contextmanager
def real_azure(folder: Path) -> Iterator[dict[str, str]]:
    """Give the variables that lead to azurite, with its well-known key."""
    if not AZURITE.exists():
        pytest.fail(f"{AZURITE} is not there: type make real")
    port = free_port()
    url = f"http://127.0.0.1:{port}/devstoreaccount1"
    command = [
        str(AZURITE), "--silent", "--blobHost", "127.0.0.1", "--blobPort", str(port),
        "--location", str(folder), "--disableTelemetry", "--skipApiVersionCheck",
    ]  # fmt: skip
    key = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
    told = (
        f"DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey={key};"
        f"BlobEndpoint={url};"
    )
    with running(command, folder, url):
        yield {"AZURE_STORAGE_CONNECTION_STRING": told}
