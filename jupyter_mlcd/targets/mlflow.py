"""MLflow: the delivered files become a version of a registered model, and an alias points at it.

Only its REST interface is used (https://mlflow.org/docs/latest/rest-api.html), so MLflow need not
be installed here. The order makes the last step the switch:

1. the registered model and the experiment are made where they are not there;
2. a run gets the files and release.json as artifacts, and their sizes are read back;
3. a model version of that run is made, with the release's digest as a tag;
4. our key is written to it as a tag, and the alias is set. Until then nobody is served by it.

A release that is there already, for another environment or from before a roll back, is found by
its digest, and only step 4 is done. So the same key again changes nothing, and what was interrupted
before the switch can be done again.
"""

from __future__ import annotations

import base64
import time
from dataclasses import dataclass
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, Final, TypeVar
from urllib.parse import quote, urlsplit

import msgspec

from jupyter_mlcd.model.delivery import DeliveryState
from jupyter_mlcd.model.errors import HubError, MlcdError, WorldError
from jupyter_mlcd.model.probe import checked
from jupyter_mlcd.ports import TargetAnswer
from jupyter_mlcd.targets.answers import cannot_be_asked, in_words, outcome_of
from jupyter_mlcd.world.failpoints import failpoint
from jupyter_mlcd.world.http import Http

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jupyter_mlcd.model.status import Check
    from jupyter_mlcd.model.target import MlflowTable
    from jupyter_mlcd.ports import Parcel, Site

_T = TypeVar("_T")
_API: Final = "/api/2.0/mlflow"
_FILES: Final = "/api/2.0/mlflow-artifacts/artifacts"
_DIGEST: Final = "mlcd.release"
_NOT_THERE: Final = "hub-not-found"


class _Done(msgspec.Struct):
    """Any object: a page for logging in is none, whatever its status says."""


class _Tag(msgspec.Struct):
    key: str
    value: str = ""


class _Alias(msgspec.Struct):
    alias: str
    version: str


class _Model(msgspec.Struct):
    name: str
    aliases: list[_Alias] = []


class _ModelAnswer(msgspec.Struct):
    registered_model: _Model


class _Version(msgspec.Struct):
    version: str
    status: str = "READY"
    tags: list[_Tag] = []

    def tag(self, key: str) -> str:
        """Return the value of a tag; empty without one."""
        return next((one.value for one in self.tags if one.key == key), "")


class _VersionAnswer(msgspec.Struct):
    model_version: _Version


class _VersionsAnswer(msgspec.Struct):
    model_versions: list[_Version] = []


class _Experiment(msgspec.Struct):
    experiment_id: str


class _ExperimentAnswer(msgspec.Struct):
    experiment: _Experiment


class _RunInfo(msgspec.Struct):
    run_id: str
    artifact_uri: str


class _Run(msgspec.Struct):
    info: _RunInfo


class _RunAnswer(msgspec.Struct):
    run: _Run


class _File(msgspec.Struct):
    path: str
    is_dir: bool = False
    file_size: int = -1


class _FilesAnswer(msgspec.Struct):
    files: list[_File] = []


class MlflowTarget:
    """``target = { kind = "mlflow", url = "https://mlflow.example.org", model = "digits" }``."""

    remote_name: str = ""
    """It gets the files from here, so tag and evidence need not be anywhere first."""

    def __init__(self, table: MlflowTable, site: Site) -> None:
        """Deliver to the registered model ``table.model`` of the server at ``table.url``."""
        self._table = table
        self._url = table.url.rstrip("/")
        self._site = site

    def describe(self) -> str:
        """Return "mlflow", the model and where it is."""
        return f"mlflow {self._table.model} on {urlsplit(self._url).netloc}"

    def serves(self, environment: str) -> str:
        """Return what loads what is live: ``models:/digits@production``."""
        return f"models:/{self._table.model}@{self._table.alias or environment}"

    def check(self) -> Sequence[str]:
        """Return what is in the way: a name that MLflow does not take. Asks nobody."""
        problems = []
        if any(letter in self._table.model for letter in "/:"):
            problems.append(f"MLflow takes no name with a slash or a colon: {self._table.model}")
        if self._table.alias.lower() == "latest":
            problems.append("MLflow keeps the alias latest for itself: choose another one")
        return problems

    def preview(self, parcel: Parcel) -> tuple[Sequence[str], Sequence[str]]:
        """Return the sentences and the commands."""
        model, alias = self._table.model, self._alias(parcel)
        names = ", ".join(f"**{path}**" for path in parcel.files)
        run = f"a run of the experiment {self._table.experiment}"
        sentences = [
            f"Puts {names} and release.json into {run} on **{self._url}**, if they are not there.",
            f"Makes a version of the registered model **{model}** of it.",
            f"Points the alias **{alias}** at it.",
        ]
        body = f'{{"name": "{model}", "alias": "{alias}", "version": "NUMBER"}}'
        files = f"{self._url}{_FILES}/EXPERIMENT/RUN/artifacts"
        return sentences, [
            f"curl --request POST {self._url}{_API}/runs/create --data '...'",
            *(f"curl --upload-file {path} {files}/{quote(path)}" for path in parcel.files),
            f"curl --request POST {self._url}{_API}/model-versions/create --data '...'",
            f"curl --request POST {self._url}{_API}/registered-models/alias --data '{body}'",
        ]

    def dispatch(self, parcel: Parcel) -> TargetAnswer:
        """Bring the files there, then switch. Before the switch nothing is changed for anybody."""
        found = self.look_up(parcel)
        if found is not None and found.state is DeliveryState.DELIVERED:
            return found
        try:
            registry = self._registry
            version = registry.version_of(parcel) or registry.publish(parcel)
            failpoint("mlflow-before-switch")
            registry.mark(version, parcel, self._alias(parcel))
        except (MlcdError, OSError) as error:
            words = in_words(error) if isinstance(error, MlcdError) else f"{error.strerror}."
            reason = f"{words} The alias was not moved: what is live stays."
            return TargetAnswer(DeliveryState.FAILED, reason, {"key": parcel.key})
        ticket = self._ticket(parcel, version)
        try:
            registry.point(version, self._alias(parcel))
        except HubError as error:
            return msgspec.structs.replace(outcome_of(error), ticket=ticket)
        words = f"MLflow took the alias, and does not have it at version {version.version}"
        return self.look_up(parcel) or TargetAnswer(DeliveryState.UNKNOWN, words, ticket)

    def look_up(self, parcel: Parcel) -> TargetAnswer | None:
        """Return DELIVERED if the alias points at this release, brought there by this key."""
        try:
            version = self._registry.live(self._alias(parcel))
        except WorldError as error:
            return cannot_be_asked(error, parcel.ticket)
        if version is None or version.tag(_DIGEST) != parcel.release.digest:
            return None
        if version.tag(_key_tag(self._alias(parcel))) != parcel.key:
            return None
        words = self._words(parcel, version)
        return TargetAnswer(DeliveryState.DELIVERED, words, self._ticket(parcel, version))

    def cancel(self, parcel: Parcel) -> TargetAnswer:
        """Return where it stands: the switch is one step, and nothing goes on before it."""
        return self.look_up(parcel) or TargetAnswer(
            DeliveryState.CANCELLED, "the alias was not moved", {**parcel.ticket}
        )

    def rehearse(self, parcel: Parcel) -> Sequence[str]:
        """Return what is live, and whether the version is there. Raises WorldError."""
        alias = self._alias(parcel)
        live, there = self._registry.live(alias), self._registry.version_of(parcel)
        now = f"points at version {live.version}" if live else "does not exist yet"
        brought = f"is there as {there.version}" if there else "has to be brought there"
        return [f"The alias {alias} {now}.", f"{parcel.release.version} {brought}."]

    def diagnose(self) -> Sequence[Check]:
        """Return whether the server answers, and has the model and the experiment."""
        registry = self._registry
        asked = {"model": registry.model, "experiment": registry.experiment}

        def probe(name: str) -> str:
            found = asked[name]()
            words = "is there" if found else "is not there yet: the first delivery makes it"
            return f"{name} {words}"

        return checked((name, partial(probe, name)) for name in asked)

    def _alias(self, parcel: Parcel) -> str:
        return self._table.alias or parcel.environment

    def _words(self, parcel: Parcel, version: _Version) -> str:
        model = self._table.model
        return f"{model}@{self._alias(parcel)} is version {version.version} of it in MLflow"

    def _ticket(self, parcel: Parcel, version: _Version) -> dict[str, str]:
        model = self._table.model
        return {
            "key": parcel.key,
            "model": model,
            "version": version.version,
            "alias": self._alias(parcel),
            "url": f"{self._url}/#/models/{quote(model, safe='')}/versions/{version.version}",
        }

    @cached_property
    def _registry(self) -> _Registry:
        found = self._site.credential(self._url)
        headers = {}
        if found and found.user:
            pair = base64.b64encode(f"{found.user}:{found.secret}".encode()).decode()
            headers = {"Authorization": f"Basic {pair}"}
        elif found:
            headers = {"Authorization": f"Bearer {found.secret}"}
        return _Registry(Http(self._url, headers), self._table.model, self._table.experiment)


@dataclass(frozen=True)
class _Registry:
    """One registered model of a server. All raise HubError."""

    http: Http
    name: str
    experiment_name: str

    def model(self) -> _Model | None:
        """Return the registered model, None where there is none."""
        try:
            query = {"name": self.name}
            found = self.http.get(f"{_API}/registered-models/get", _ModelAnswer, query)
        except HubError as error:
            if error.code != _NOT_THERE:
                raise
            return None
        return found.registered_model

    def experiment(self) -> str:
        """Return the id of the experiment, empty where there is none."""
        try:
            query = {"experiment_name": self.experiment_name}
            found = self.http.get(f"{_API}/experiments/get-by-name", _ExperimentAnswer, query)
        except HubError as error:
            if error.code != _NOT_THERE:
                raise
            return ""
        return found.experiment.experiment_id

    def live(self, alias: str) -> _Version | None:
        """Return the version that an alias points at."""
        model = self.model()
        if model is None or all(one.alias != alias for one in model.aliases):
            return None
        query = {"name": self.name, "alias": alias}
        path = f"{_API}/registered-models/alias"
        return self.http.get(path, _VersionAnswer, query).model_version

    def version_of(self, parcel: Parcel) -> _Version | None:
        """Return the version that holds this release whole, None without one."""
        name = self.name.replace("'", "")
        query = {"filter": f"name='{name}' and tag.`{_DIGEST}`='{parcel.release.digest}'"}
        found = self.http.get(f"{_API}/model-versions/search", _VersionsAnswer, query)
        return next((one for one in found.model_versions if one.status == "READY"), None)

    def publish(self, parcel: Parcel) -> _Version:
        """Bring the files there and make a version of them. Raises OSError too."""
        if self.model() is None:
            self._post("registered-models/create", _ModelAnswer, {"name": self.name})
        run = self._begun(parcel)
        place = _artifacts(run.artifact_uri)
        for path, file in parcel.files.items():
            self.http.upload(f"{_FILES}/{place}/{quote(path)}", type(None), file, "PUT")
        release = parcel.release.to_bytes()
        self.http.change("PUT", f"{_FILES}/{place}/release.json", type(None), release)
        self._read_back(run.run_id, parcel, len(release))
        made = {
            "name": self.name,
            "source": run.artifact_uri,
            "run_id": run.run_id,
            "tags": _tags(parcel),
        }
        failpoint("mlflow-before-version")
        version = self._post("model-versions/create", _VersionAnswer, made).model_version
        ended = {"run_id": run.run_id, "status": "FINISHED", "end_time": _milliseconds()}
        self._post("runs/update", _Done, ended)
        return version

    def mark(self, version: _Version, parcel: Parcel, alias: str) -> None:
        """Write our key to a version, before the alias points at it."""
        tag = {"key": _key_tag(alias), "value": parcel.key}
        body = {"name": self.name, "version": version.version, **tag}
        self._post("model-versions/set-tag", _Done, body)

    def point(self, version: _Version, alias: str) -> None:
        """Let an alias point at a version: the switch."""
        body = {"name": self.name, "alias": alias, "version": version.version}
        self._post("registered-models/alias", _Done, body)

    def _begun(self, parcel: Parcel) -> _RunInfo:
        """Return a new run for the files."""
        experiment = self.experiment()
        if not experiment:
            body = {"name": self.experiment_name}
            experiment = self._post("experiments/create", _Experiment, body).experiment_id
        begun = {
            "experiment_id": experiment,
            "run_name": f"{parcel.release.project} {parcel.release.version}",
            "start_time": _milliseconds(),
            "tags": _tags(parcel),
        }
        return self._post("runs/create", _RunAnswer, begun).run.info

    def _read_back(self, run: str, parcel: Parcel, release_size: int) -> None:
        """Raise HubError unless every file is there in its size."""
        expected = {path: one.size for path, one in parcel.release.products.items()}
        expected["release.json"] = release_size
        found: dict[str, int] = {}
        for folder in {path.rpartition("/")[0] for path in expected}:
            query = {"run_id": run, **({"path": folder} if folder else {})}
            listed = self.http.get(f"{_API}/artifacts/list", _FilesAnswer, query).files
            found |= {one.path: one.file_size for one in listed if not one.is_dir}
        wrong = sorted(path for path, size in expected.items() if found.get(path) != size)
        if wrong:
            raise HubError(f"{wrong[0]} did not arrive whole", code="hub-said-no")

    def _post(self, path: str, kind: type[_T], body: Mapping[str, Any]) -> _T:
        return self.http.post(f"{_API}/{path}", kind, body)


def _tags(parcel: Parcel) -> list[dict[str, str]]:
    tags = {
        _DIGEST: parcel.release.digest,
        "mlcd.version": parcel.release.version,
        "mlcd.project": parcel.release.project,
        "mlcd.commit": parcel.release.commit,
        "mlcd.tag": parcel.tag,
    }
    return [{"key": key, "value": value} for key, value in tags.items()]


def _key_tag(alias: str) -> str:
    """Return the tag for our key: several environments may be served by one version."""
    return f"mlcd.key.{alias}"


def _artifacts(uri: str) -> str:
    """Return the path of a run's files below the server's own files. Raises HubError."""
    scheme, _, rest = uri.partition(":")
    if scheme != "mlflow-artifacts":
        raise HubError(
            f"MLflow keeps the files of this experiment at {uri}, not behind its own address",
            code="hub-said-no",
            hint="Start it with --artifacts-destination, or name another `experiment`.",
        )
    path = urlsplit(rest).path if rest.startswith("//") else rest
    return path.strip("/")


def _milliseconds() -> int:
    return int(time.time() * 1000)
