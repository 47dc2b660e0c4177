from __future__ import annotations

import base64
import hashlib
import html
import json
import random
import time
import uuid
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest

from jupyter_mlcd.bundle.redaction import RepositoryScanner
from jupyter_mlcd.bundle.secret_rules import KnownSecret, known_secrets
from jupyter_mlcd.bundle.secrets import scan
from jupyter_mlcd.model.errors import RefusedError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from jupyter_mlcd.model.secret import SecretFinding

LUCK = random.Random(11)  # noqa: S311 - reproducible, not secret
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz0123456789"


def some(count: int, alphabet: str = LETTERS) -> str:
    return "".join(LUCK.choice(alphabet) for _ in range(count))


# Put together here, so that no file of this repository looks like a secret itself.
TOKENS = {
    "github-token": "ghp" + "_" + some(36),
    "github-fine-grained-token": "github" + "_pat_" + some(82),
    "gitlab-token": "glpat" + "-" + some(20),
    "aws-access-key": "AKIA" + some(16, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"),
    "aws-secret-key": "aws_secret" + "_access_key = '" + some(40) + "'",
    "azure-storage-key": "Account" + "Key=" + some(86) + "==",
    "azure-devops-token": some(76) + "AZDO" + some(4),
    "azure-client-secret": some(3) + "8Q~" + some(34),
    "google-api-key": "AIza" + some(35),
    "google-client-secret": "GOCSPX" + "-" + some(28),
    "google-access-token": "ya29" + "." + some(60),
    "slack-token": "xoxb" + "-" + some(12, "0123456789") + "-" + some(24),
    "slack-webhook": "https://hooks.slack"
    ".com/services/T" + some(10) + "/B" + some(10) + "/" + some(24),
    "stripe-key": "sk" + "_live_" + some(24),
    "npm-token": "npm" + "_" + some(36),
    "pypi-token": "pypi" + "-AgEIcHlwaS5vcmc" + some(80),
    "hugging-face-token": "hf" + "_" + some(34),
    "openai-key": "sk" + "-proj-" + some(48),
    "anthropic-key": "sk" + "-ant-api03-" + some(93),
    "sendgrid-key": "SG" + "." + some(22) + "." + some(43),
    "databricks-token": "dapi" + some(32, "0123456789abcdef"),
    "digitalocean-token": "dop" + "_v1_" + some(64, "0123456789abcdef"),
    "docker-token": "dckr" + "_pat_" + some(27),
    "vault-token": "hvs" + "." + some(90),
    "telegram-token": some(9, "123456789") + ":AA" + some(33),
    "json-web-token": "eyJ" + some(30) + ".eyJ" + some(60) + "." + some(43),
    "private-key": "-----BEGIN RSA " + "PRIVATE KEY-----\nMIIE",
    "password-in-url": "postgresql://ada:" + "correct-horse@db.example.org/x",
    "jupyter-token-in-url": "http://127.0.0.1:8888/lab?token=" + some(48, "0123456789abcdef"),
}
KNOWN = KnownSecret("environment variable DB_PASS", 'p4ss"wörd & <more>/x')


def notebook(*cells: dict[str, Any], **metadata: Any) -> bytes:
    return json.dumps({"cells": list(cells), "metadata": metadata, "nbformat": 4}).encode()


def code(source: str = "", *outputs: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"cell_type": "code", "source": source, "outputs": list(outputs), "metadata": {}, **more}


def stream(text: str | list[str], name: str = "stdout") -> dict[str, Any]:
    return {"output_type": "stream", "name": name, "text": text}


def shown(**data: Any) -> dict[str, Any]:
    mimes = {name.replace("__", "/").replace("_", "-"): value for name, value in data.items()}
    return {"output_type": "display_data", "data": mimes, "metadata": {}}


def places(findings: list[SecretFinding]) -> list[tuple[int | None, int | None]]:
    return [(finding.cell, finding.output) for finding in findings]


@pytest.mark.parametrize("rule", TOKENS)
def test_tokens_are_known_by_their_prefix(rule: str) -> None:
    text = f"before {TOKENS[rule]} after"
    assert rule in {finding.rule for finding in scan("x.txt", text.encode(), [])}


@pytest.mark.parametrize("rule", TOKENS)
def test_a_finding_never_shows_the_secret(rule: str) -> None:
    for finding in scan("x.txt", TOKENS[rule].encode(), []):
        assert TOKENS[rule] not in str(finding)
        assert len(finding.sample) < 30


def test_cell_and_output_are_named() -> None:
    token = TOKENS["github-token"]
    content = notebook(
        code("x = 1"),
        code("print(token)", shown(text__plain="fine"), stream(f"token: {token}\n")),
    )
    (finding,) = scan("a.ipynb", content, [])
    assert (finding.cell, finding.output, finding.rule) == (1, 1, "github-token")
    assert str(finding).startswith("a.ipynb, cell 1, output 1: github-token (ghp_")


PUT: dict[str, Callable[[str], bytes]] = {
    "source": lambda text: notebook(code(text)),
    "source lines": lambda text: notebook({"cell_type": "code", "source": [text[:9], text[9:]]}),
    "markdown": lambda text: notebook({"cell_type": "markdown", "source": text}),
    "stream": lambda text: notebook(code("", stream(text))),
    "stream lines": lambda text: notebook(code("", stream([text[:5], text[5:]]))),
    "split streams": lambda text: notebook(code("", stream(text[:7]), stream(text[7:]))),
    "coloured": lambda text: notebook(code("", stream(text[:8] + "\x1b[31m" + text[8:]))),
    "result": lambda text: notebook(code("", shown(text__plain=text))),
    "html": lambda text: notebook(code("", shown(text__html=f"<td>{html.escape(text)}</td>"))),
    "json": lambda text: notebook(code("", shown(application__json={"deep": [{"a": text}]}))),
    "traceback": lambda text: notebook(
        code("", {"output_type": "error", "ename": "E", "evalue": "", "traceback": ["x", text]})
    ),
    "cell metadata": lambda text: notebook(code("", note={"a": text})),
    "metadata": lambda text: notebook(widgets={"state": {text: 1}}),
    "plain file": lambda text: text.encode(),
}


@pytest.mark.parametrize("place", PUT)
def test_a_token_is_found_wherever_it_stands(place: str) -> None:
    content = PUT[place](TOKENS["hugging-face-token"])
    assert [finding.rule for finding in scan("a.ipynb", content, [])] == ["hugging-face-token"]


@pytest.mark.parametrize("place", PUT)
def test_a_known_value_is_found_wherever_it_stands(place: str) -> None:
    content = PUT[place](KNOWN.value)
    findings = scan("a.ipynb", content, [KNOWN])
    assert {finding.rule for finding in findings} == {"value of environment variable DB_PASS"}


WRITTEN: dict[str, Callable[[str], str]] = {
    "plain": str,
    "in a URL": lambda value: quote(value, safe=""),
    "in JSON": lambda value: json.dumps({"a": value}),
    "in JSON as it is": lambda value: json.dumps({"a": value}, ensure_ascii=False),
    "in hexadecimal": lambda value: value.encode().hex(),
    "in Python": repr,
    **{
        f"in base64 after {shift} bytes": lambda value, shift=shift: base64.b64encode(  # type: ignore[misc]
            b"u" * shift + value.encode() + b":more"
        ).decode()
        for shift in range(4)
    },
    "in base64 at the end": lambda value: base64.b64encode(value.encode()).decode(),
    "in base64 for URLs": lambda value: base64.urlsafe_b64encode(b"a:" + value.encode()).decode(),
}


@pytest.mark.parametrize("form", WRITTEN)
def test_a_known_value_is_found_however_it_is_written(form: str) -> None:
    text = WRITTEN[form](KNOWN.value)
    assert scan("x.txt", f"a {text} b".encode(), [KNOWN])


@pytest.mark.parametrize("length", range(8, 30))
def test_base64_of_every_length_is_found(length: int) -> None:
    secret = KnownSecret("x", some(length))
    for shift in range(3):
        for tail in range(3):
            text = base64.b64encode(b"u" * shift + secret.value.encode() + b"t" * tail).decode()
            assert scan("x.txt", text.encode(), [secret]), (shift, tail)


def test_a_secret_over_a_chunk_border_is_found() -> None:
    text = " " * ((1 << 20) - 10) + TOKENS["npm-token"]
    assert [finding.rule for finding in scan("x.txt", text.encode(), [])] == ["npm-token"]


def test_secret_values_are_known_by_the_names_of_variables(tmp_path: Path) -> None:
    environ = {
        "HOME": str(tmp_path),
        "GITHUB_TOKEN": "value-of-token",
        "DbPassword": "value-of-password",
        "AZURE_CREDENTIALS": "value-of-credentials",
        "OPENAI_API_KEY": "value-of-key",
        "SHORT_TOKEN": "short",
        "AUTH_MODE": "required",
        "GIT_AUTHOR_NAME": "Ada Lovelace",
        "SSH_AUTH_SOCK": "/run/user/1000/agent",
        "GPG_KEY": "A035C8C19219BA821ECEA86B64E628F8D684696D",
        "KEY_FILE_DIR": str(tmp_path),
        "EDITOR": "not-a-secret",
    }
    assert {secret.value for secret in known_secrets(environ, [])} == {
        *("value-of-token", "value-of-password", "value-of-credentials", "value-of-key")
    }


def test_passwords_in_addresses_of_remotes_are_known(tmp_path: Path) -> None:
    urls = [
        "https://ada:hun%20ter2@example.org/x",
        "https://tokentoken@example.org/x",
        "ssh://git@example.org/x",
        "git@example.org:x/y",
        "/srv/x",
        "https://[broken",
    ]
    found = known_secrets({"HOME": str(tmp_path)}, urls)
    assert {secret.value for secret in found} == {"hun ter2", "tokentoken"}


def test_tokens_of_jupyter_servers_are_known(tmp_path: Path) -> None:
    (tmp_path / "jpserver-1.json").write_text(json.dumps({"token": "f00dfeed" * 6}))
    (tmp_path / "jpserver-2.json").write_text("not json")
    found = known_secrets({"JUPYTER_RUNTIME_DIR": str(tmp_path)}, [])
    assert [secret.value for secret in found] == ["f00dfeed" * 6]


def test_the_scanner_of_a_repository_tells_sentences(tmp_path: Path) -> None:
    environ = {"HOME": str(tmp_path), "API_TOKEN": "low entropy"}
    scanner = RepositoryScanner(["https://ada:hunter22@example.org/x"], environ)
    files = {
        "a.ipynb": notebook(code("", stream("low entropy"))),
        "log.txt": b"hunter22",
        "clean.json": b"{}",
    }
    assert [str(one) for one in scanner.scan(files)] == [
        "a.ipynb, cell 0, output 0: value of environment variable API_TOKEN (11 characters)",
        "log.txt: value of address of the remote on example.org (8 characters)",
    ]


def ordinary_notebook() -> bytes:
    picture = base64.b64encode(LUCK.randbytes(400_000)).decode()
    array = base64.b64encode(LUCK.randbytes(60_000)).decode()
    digest = hashlib.sha256(b"x").hexdigest()
    table = "".join(f"<tr><td>{uuid.UUID(int=LUCK.getrandbits(128))}</td></tr>" for _ in range(300))
    traceback = [
        "\x1b[0;31mKeyError\x1b[0m Traceback (most recent call last)",
        "File \x1b[0;32m/opt/conda/lib/python3.11/site-packages/pandas/core/frame.py:3807\x1b[0m",
        "KeyError: 'token'",
    ]
    return notebook(
        code(
            "import os\npassword = os.environ['DB_PASSWORD']\ntoken = getpass()\n"
            "url = f'postgresql://ada:{password}@db/x'\nexample = 'https://user:password@host/'\n"
            "key = 'sk-your-key-here'; AWS_SECRET_ACCESS_KEY = '<your secret>'\n"
            "client = Client(api_key=API_KEY)\n# see https://docs.example.org:8080/@user/page\n",
            shown(image__png=picture, text__plain="<Figure size 640x480 with 1 Axes>"),
            shown(text__html=f"<img src='data:image/png;base64,{picture}'><table>{table}</table>"),
            shown(text__html=f'<script>plot({{"bdata":"{array}"}})</script>'),
            shown(application__vnd_plotly=json.dumps({"z": [LUCK.random() for _ in range(2000)]})),
            stream([f"{name} {digest}\n" for name in ("model.joblib", "data.csv")] * 50),
            stream(
                "Epoch 1/10: 100%|██████████| 938/938 [00:05<00:00, loss=0.31]\r" * 50, "stderr"
            ),
            {
                "output_type": "error",
                "ename": "KeyError",
                "evalue": "token",
                "traceback": traceback,
            },
        ),
        {
            "cell_type": "markdown",
            "source": "![x](attachment:x.png) Ask for a token: `ghp_...` and keep it secret.",
            "attachments": {"x.png": {"image/png": picture}},
            "metadata": {},
        },
        kernelspec={"name": "python3"},
        papermill={"environment_variables": {}, "output_path": "out.ipynb"},
    )


def test_ordinary_notebooks_raise_no_alarm() -> None:
    for _ in range(10):
        assert scan("a.ipynb", ordinary_notebook(), []) == []


def test_random_bytes_raise_no_alarm() -> None:
    for _ in range(4):
        assert scan("model.bin", LUCK.randbytes(1_000_000), []) == []


@pytest.mark.parametrize(
    "text",
    [
        "a" * 2_000_000,
        "eyJ" * 700_000,
        "://" * 700_000,
        "http://a:" * 250_000,
        "-----BEGIN " * 200_000,
        "A" * 75 + "AZDO" * 500_000,
        "xoxb-" * 400_000,
        "\x1b[" * 1_000_000,
        "data:image/png;base64," * 90_000,
    ],
)
def test_no_text_takes_long(text: str) -> None:
    start = time.monotonic()
    scan("x.txt", text.encode(), [KNOWN])
    assert time.monotonic() - start < 4


def test_a_scan_that_takes_too_long_refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("jupyter_mlcd.bundle.secrets._LEAST_SECONDS", -1.0)
    monkeypatch.setattr("jupyter_mlcd.bundle.secrets._SECONDS_PER_MEGABYTE", 0.0)
    with pytest.raises(RefusedError) as caught:
        scan("x.txt", b"harmless", [])
    assert caught.value.code == "secret-scan-failed"


@pytest.mark.parametrize(
    "content",
    [b"", b"[]", b"not json", b"\xff\xfe", b'{"cells": {}}', b'{"cells": [1]}', b'{"cells": null}'],
)
def test_broken_notebooks_are_read_as_text(content: bytes) -> None:
    assert scan("a.ipynb", content + b"\n" + TOKENS["github-token"].encode(), []) != []
    assert scan("a.ipynb", content, []) == []


def test_a_notebook_nested_without_end_refuses() -> None:
    content = b'{"cells": [], "metadata": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"
    with pytest.raises(RefusedError):
        scan("a.ipynb", content, [])
