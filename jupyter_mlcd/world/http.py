"""JSON over HTTP to one server: bounded in time and size, never to another place.

The server's address comes from mlcd.toml and the key from what she keeps for that address, so the
key goes there only: no redirect is followed, without TLS it goes to this machine alone, and never
to an address by which a cloud tells a machine its secrets. A question that changes nothing is asked
again where a server is busy; what changes something is sent once, and the code of the error tells
what may have become of it:

- ``hub-unreachable``: nothing was sent;
- ``hub-refused``, ``hub-not-found``, ``hub-said-no``: it was sent, and nothing was done;
- ``hub-lost``, ``hub-answer``: it was sent, and may have been done.
"""

from __future__ import annotations

import ipaddress
import socket
import threading
import time
import weakref
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache, cached_property
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast
from urllib.parse import urlsplit

import msgspec

from jupyter_mlcd.model.errors import HubError, WorldError

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Mapping
    from pathlib import Path
    from ssl import SSLContext

    import httpx

_SECONDS: Final = 15.0
_FILE_SECONDS: Final = 1800.0
_MOST_BYTES: Final = 4 << 20
_TRIES: Final = 3
_PAGE: Final = 100
_MOST_PAGES: Final = 10
_MOST_WORDS: Final = 200
_LONGEST_WAIT: Final = 5.0
_BUSY: Final = {429, 502, 503, 504}
_LOOPBACK: Final = {"127.0.0.1", "localhost", "::1"}
_REFUSED: Final = {401, 403, 407}
_SAYS_NO: Final = {3, 4}
"""Hundreds of answers after which nothing was done; others can mean anything."""
_NO_WORD: Final = {408, 425}
"""Answers of a server that does not say whether it did something before."""
_T = TypeVar("_T")


def is_safe_address(url: str) -> bool:
    """Whether a key may be sent there: https, or http to this machine; without a name in it."""
    try:
        split = urlsplit(url)
        host, _ = split.hostname, split.port
    except ValueError:
        return False
    plain = split.scheme == "http" and host in _LOOPBACK
    return bool(host) and (split.scheme == "https" or plain) and "@" not in split.netloc


@dataclass(frozen=True)
class Http:
    """A server, spoken to as somebody."""

    address: str
    """Where every path begins, without a slash at its end."""
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Sent with everything; they hold the key, so they are in no message."""
    patience: float = 0.0
    """Seconds that an answer is waited for, and then not asked again; 0: as usual."""

    def get(self, path: str, kind: type[_T], query: Mapping[str, str] | None = None) -> _T:
        """Return what stands there. Raises HubError."""
        answer = self._send("GET", path, params=query)
        for attempt in range(1, _TRIES):
            if answer.status not in _BUSY or self.patience:
                break
            time.sleep(min(_seconds(answer.headers) or 0.5 * attempt, _LONGEST_WAIT))
            answer = self._send("GET", path, params=query)
        return self._read(answer, path, kind)

    def pages(
        self, path: str, kind: type[list[_T]], query: Mapping[str, str] | None = None
    ) -> Iterator[_T]:
        """Yield what stands there in pages, as GitHub and GitLab give it. Raises HubError.

        What is behind the first thousand is not read.
        """
        for number in range(1, _MOST_PAGES + 1):
            place = {"per_page": str(_PAGE), "page": str(number)}
            page = self.get(path, kind, {**(query or {}), **place})
            yield from page
            if len(page) < _PAGE:
                return

    def post(
        self, path: str, kind: type[_T], body: object, headers: Mapping[str, str] | None = None
    ) -> _T:
        """Send ``body``, bytes or made JSON, once; return the answer. Raises HubError.

        Of kind ``bytes`` it is what was answered, whatever that is.
        """
        return self.change("POST", path, kind, body, headers)[0]

    def change(  # noqa: PLR0913, PLR0917 - a request as HTTP has it
        self,
        method: str,
        path: str,
        kind: type[_T],
        body: object = None,
        headers: Mapping[str, str] | None = None,
        also: Container[int] = (),
    ) -> tuple[_T, Mapping[str, str]]:
        """Send ``body`` once; return the answer and its headers, in lower case. Raises HubError.

        ``also`` names answers beside success that mean it was done, as 303.
        """
        content = body if isinstance(body, bytes) else msgspec.json.encode(body)
        more = {"Content-Type": "application/json", **(headers or {})}
        answer = self._send(method, path, content=content, headers=more)
        return self._read(answer, path, kind, also), answer.headers

    def upload(self, path: str, kind: type[_T], file: Path, method: str = "POST") -> _T:
        """Send a file as it is, once; return the answer. Raises HubError, WorldError."""
        headers = {"Content-Type": "application/octet-stream"}
        try:
            with file.open("rb") as opened:
                answer = self._send(method, path, _FILE_SECONDS, content=opened, headers=headers)
        except OSError as error:
            raise WorldError(f"{file} cannot be read: {error.strerror}", code="file") from None
        return self._read(answer, path, kind)

    def _send(
        self,
        method: str,
        path: str,
        most: float | None = None,
        **more: Any,  # noqa: ANN401 - httpx's own
    ) -> _Answer:
        import httpx  # noqa: PLC0415 - 0.1 s that most commands do not need

        begun, content, most = time.monotonic(), b"", most or self.patience or _SECONDS
        more["extensions"] = {"trace": self._look_where}
        # A server can send its headers letter by letter, each in time: in the end the line is cut.
        patience = threading.Timer(2 * most, self._hang_up)
        patience.daemon = True
        patience.start()
        try:
            with self._client.stream(method, f"{self.address}{path}", **more) as response:
                if response.headers.get("content-encoding", "identity") != "identity":
                    # What was asked for plain is not unpacked: a few bytes can become all memory.
                    raise self._error("answers packed, which was not asked for", "hub-answer")
                for piece in response.iter_bytes():
                    content += piece
                    if len(content) > _MOST_BYTES:
                        raise self._error("answers with more than is read", "hub-answer")
                    if time.monotonic() - begun > most:
                        raise self._error("answers too slowly", "hub-lost")
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.ProxyError, httpx.InvalidURL,
                httpx.UnsupportedProtocol) as error:  # fmt: skip
            raise self._error(f"cannot be reached: {_words(error)}", "hub-unreachable") from None
        except httpx.HTTPError as error:
            # httpx's words can name the address, never a header.
            words = f"was reached, and its answer was lost: {_words(error)}"
            raise self._error(words, "hub-lost") from None
        finally:
            patience.cancel()
        return _Answer(response.status_code, content, dict(response.headers))

    def _look_where(self, event: str, told: Mapping[str, Any]) -> None:
        """Raise HubError before anything is sent to where a cloud keeps a machine's secrets."""
        if event.endswith((".connect_tcp.complete", ".start_tls.complete")):
            self._lines.append(told["return_value"])
        if event != "connection.connect_tcp.complete":
            return
        stream = told["return_value"]
        peer = stream.get_extra_info("server_addr")
        if peer and not _may_be_spoken_to(str(peer[0])):
            stream.close()
            words = f"is at {peer[0]}, which is no place for a server"
            raise self._error(words, "hub-unreachable", "Look at its address in mlcd.toml.")

    @cached_property
    def _lines(self) -> list[Any]:
        """The streams to the server, TLS behind the bare one; as a rule one of each."""
        return []

    def _hang_up(self) -> None:
        for stream in self._lines:
            with suppress(OSError):
                stream.get_extra_info("socket").shutdown(socket.SHUT_RDWR)

    def _read(self, answer: _Answer, path: str, kind: type[_T], also: Container[int] = ()) -> _T:
        if answer.status in _REFUSED:
            hint = "Look at the key and what it may do. Nothing was changed there."
            words = f"says no ({answer.status}) to {path}{self._said(answer)}"
            raise self._error(words, "hub-refused", hint)
        if answer.status == 404:  # noqa: PLR2004 - not found
            hint = "A key that may not read it is told the same."
            raise self._error(f"knows nothing at {path}", "hub-not-found", hint)
        if not 200 <= answer.status < 300 and answer.status not in also:  # noqa: PLR2004 - success
            words = f"answers {answer.status} to {path}{self._said(answer)}"
            # A redirect is not followed, so nothing was done either.
            is_no = answer.status // 100 in _SAYS_NO and answer.status not in _NO_WORD
            raise self._error(words, "hub-said-no" if is_no else "hub-answer")
        if kind is type(None):
            return None
        if kind is bytes:
            return cast("_T", answer.content)
        try:
            # No content says nothing, and is no broken answer to who asked for it or nothing.
            content = b"null" if answer.status == HTTPStatus.NO_CONTENT else answer.content
            return msgspec.json.decode(content, type=kind)
        except (msgspec.MsgspecError, RecursionError) as error:
            # Azure answers a bad key with a page for logging in, and 203.
            words = f"does not answer {path} as expected: {error}"
            raise self._error(words, "hub-answer", "Look at the address and the key.") from None

    def _said(self, answer: _Answer) -> str:
        """Return what the server says about it, without anything that was sent as a key."""
        try:
            found = msgspec.json.decode(answer.content, type=_Message)
            words = _flat(found.message) or _flat(found.error)
        except (msgspec.MsgspecError, RecursionError):
            return ""
        text = "".join(letter if letter.isprintable() else " " for letter in words[:_MOST_WORDS])
        if any(part in text for sent in self.headers.values() for part in sent.split()):
            return ""
        return f": {text.strip()}" if text.strip() else ""

    def _error(self, words: str, code: str, hint: str = "") -> HubError:
        return HubError(f"{urlsplit(self.address).netloc} {words}", code=code, hint=hint)

    @cached_property
    def _client(self) -> httpx.Client:
        import httpx  # noqa: PLC0415

        headers = {
            "User-Agent": "jupyter-mlcd",
            "Accept": "application/json",
            "Accept-Encoding": "identity",
            **self.headers,
        }
        # A proxy of the company is for what is outside of this machine.
        is_here = urlsplit(self.address).hostname in _LOOPBACK
        client = httpx.Client(
            headers=headers,
            timeout=self.patience or _SECONDS,
            follow_redirects=False,
            trust_env=not is_here,
            verify=_certificates(),
        )
        weakref.finalize(self, client.close)  # a server may keep connections open for hours
        return client


class _Message(msgspec.Struct):
    message: Any = ""
    """A sentence; GitLab has lists and tables of them too."""
    error: Any = ""


def _flat(words: object) -> str:
    if isinstance(words, dict):
        if "message" in words:  # beside a number, as JSON-RPC has it
            return _flat(words["message"])
        return "; ".join(f"{name}: {_flat(one)}" for name, one in words.items())
    if isinstance(words, list):
        return ", ".join(_flat(one) for one in words)
    return words if isinstance(words, str) else ""


@dataclass(frozen=True)
class _Answer:
    status: int
    content: bytes
    headers: Mapping[str, str]


@cache
def _certificates() -> SSLContext:
    """Return whom TLS trusts; reading it takes a tenth of a second, and each server needs it."""
    import httpx  # noqa: PLC0415 - see _send

    return httpx.create_ssl_context()


def _may_be_spoken_to(address: str) -> bool:
    """Whether a server can be there; link-local addresses are where clouds keep secrets."""
    found = ipaddress.ip_address(address.partition("%")[0])
    found = getattr(found, "ipv4_mapped", None) or found
    return not (found.is_link_local or found.is_multicast or found.is_unspecified)


def _words(error: Exception) -> str:
    return str(error) or type(error).__name__


def _seconds(headers: Mapping[str, str]) -> float:
    try:
        return max(0.0, float(headers.get("retry-after", "0")))
    except ValueError:
        return 0.0
