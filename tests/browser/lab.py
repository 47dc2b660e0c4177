"""A real JupyterLab in a process of its own, on loopback, with nothing of the user's."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import suppress
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

_START_SECONDS = 90.0
_ENDING_SECONDS = 15.0
_TOGETHER_SERVER = ["jupyter_server_ydoc", "jupyter_server_fileid"]
_TOGETHER_PAGE = ["@jupyter/collaboration-extension", "@jupyter/docprovider-extension"]


def chromium() -> str:
    """Return the browser's program; the Makefile sees to it that there is one."""
    named = os.environ.get("MLCD_CHROMIUM")
    found = named or shutil.which("chromium-headless-shell") or shutil.which("chromium")
    if not found:
        message = "there is no Chromium: install Debian's package chromium, or set MLCD_CHROMIUM"
        raise RuntimeError(message)
    return found


def browser_options() -> dict[str, Any]:
    """Return how the browser is started: it talks to nobody but the page that is tested."""
    quiet = ["--disable-quic", "--no-first-run", "--disable-background-networking"]
    return {
        "executable_path": chromium(),
        "headless": True,
        "args": [*quiet, "--disable-component-update", "--disable-sync"],
    }


def free_port() -> int:
    """Return a port of loopback that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Lab:
    """One JupyterLab server on a folder. It can be killed and started again at the same place."""

    def __init__(
        self,
        root: Path,
        home: Path,
        app: str = "jupyterlab",
        *,
        collaboration: bool = False,
        config: str = "",
    ) -> None:
        """Prepare a server on ``root``; ``app`` is jupyterlab or notebook.

        ``collaboration`` leaves jupyter-collaboration switched on, which changes how every document
        is read and saved. ``config`` is the rest of a jupyter_server_config.py.
        """
        self.app = app
        self.root = root
        self.home = home
        self._collaboration = collaboration
        self._config = config
        self.token = secrets.token_hex(16)
        self.port = free_port()
        self._process: subprocess.Popen[bytes] | None = None
        self._switches: dict[str, bool] = {}
        self._no_news()

    def load(self, extension: str) -> None:
        """Load a server extension of the tests beside those that are installed."""
        self._switches[extension] = True

    @property
    def url(self) -> str:
        """Where a browser opens it, logged in, with a fresh layout."""
        place = "tree?" if self.app == "notebook" else "lab?reset&"
        return f"http://127.0.0.1:{self.port}/{place}token={self.token}"

    def document(self, path: str) -> str:
        """Where a browser opens it with a document."""
        place = f"notebooks/{path}?" if self.app == "notebook" else f"lab/tree/{path}?reset&"
        return f"http://127.0.0.1:{self.port}/{place}token={self.token}"

    @property
    def pid(self) -> int:
        """The server's process."""
        assert self._process is not None
        return self._process.pid

    def without_server_half(self) -> None:
        """Switch off our server extension, as an administrator would; before it is started."""
        self._switches["jupyter_mlcd"] = False

    def start(self) -> None:
        """Start it and wait until it answers."""
        self._configure()
        with (self.home / "server.log").open("ab") as log:
            self._process = subprocess.Popen(
                self._command(),
                env=self._environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self._wait_until_it_answers()

    def stop(self) -> None:
        """End it in order."""
        if self._process is None:
            return
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(_ENDING_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None

    def kill(self) -> None:
        """End the server, and only the server, as a crash would."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    def wait_until_dead(self) -> None:
        """Wait for the server to end by itself."""
        assert self._process is not None
        self._process.wait(_START_SECONDS)

    def post(self, path: str, body: object) -> None:
        """Send a request and do not wait for what becomes of it."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/{path}",
            data=json.dumps(body).encode(),
            headers={"Authorization": f"token {self.token}", "Content-Type": "application/json"},
        )
        with suppress(OSError), urllib.request.urlopen(request, timeout=30):  # noqa: S310
            pass

    def log(self) -> str:
        """Return what it printed."""
        return (self.home / "server.log").read_text(errors="replace")

    def _command(self) -> list[str]:
        command = [
            sys.executable,
            "-m",
            self.app,
            "--no-browser",
            "--ip=127.0.0.1",
            f"--port={self.port}",
            "--ServerApp.port_retries=0",
            f"--IdentityProvider.token={self.token}",
            f"--ServerApp.root_dir={self.root}",
        ]
        if self.app != "jupyter_server":
            command.append("--expose-app-in-browser")
        if hasattr(os, "geteuid") and os.geteuid() == 0:
            command.append("--allow-root")
        return command

    def _environment(self) -> dict[str, str]:
        environment = {
            name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")
        }
        for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR"):
            environment[name] = str(self.home / name.lower())
        environment["JUPYTERLAB_SETTINGS_DIR"] = str(self.home / "settings")
        environment["JUPYTERLAB_WORKSPACES_DIR"] = str(self.home / "workspaces")
        environment["GIT_CONFIG_GLOBAL"] = str(self.home / "gitconfig")
        return environment

    def _no_news(self) -> None:
        """Switch off the question about news, which would cover the page."""
        folder = self.home / "jupyter_config_dir" / "labconfig"
        folder.mkdir(parents=True, exist_ok=True)
        settings = {
            "@jupyterlab/apputils-extension:notification": {
                "fetchNews": "false",
                "checkForUpdates": False,
            }
        }
        (folder / "default_setting_overrides.json").write_text(json.dumps(settings))
        identity = "[user]\n\tname = Mara Example\n\temail = mara@example.org\n"
        (self.home / "gitconfig").write_text(identity)

    def _configure(self) -> None:
        """Switch off what is installed for the tests alone and is not what people have."""
        server, page = ([], []) if self._collaboration else (_TOGETHER_SERVER, _TOGETHER_PAGE)
        switches = {**dict.fromkeys([*server, "nbdime"], False), **self._switches}
        hidden = dict.fromkeys([*page, "nbdime-jupyterlab"], True)
        folder = self.home / "jupyter_config_dir"
        lines = f"c.ServerApp.jpserver_extensions = {switches}\n{self._config}"
        (folder / "jupyter_server_config.py").write_text(lines)
        labconfig = json.dumps({"disabledExtensions": hidden})
        (folder / "labconfig" / "page_config.json").write_text(labconfig)

    def _wait_until_it_answers(self) -> None:
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/api/status",
            headers={"Authorization": f"token {self.token}"},
        )
        end = time.monotonic() + _START_SECONDS
        while time.monotonic() < end:
            assert self._process is not None
            if self._process.poll() is not None:
                raise RuntimeError(f"JupyterLab did not start:\n{self.log()}")
            try:
                with urllib.request.urlopen(request, timeout=2):  # noqa: S310 - loopback
                    return
            except OSError:
                time.sleep(0.1)
        raise RuntimeError(f"JupyterLab did not answer:\n{self.log()}")
