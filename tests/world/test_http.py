from __future__ import annotations

import pickle
import socket
import ssl
import subprocess
import threading
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest

from jupyter_mlcd.model.errors import HubError
from jupyter_mlcd.world.http import Http, is_safe_address
from tests.hubs.answering import Answering, answering

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

KEY = {"Authorization": "Bearer hunter2"}


@pytest.fixture
def server() -> Iterator[Answering]:
    with answering() as here:
        yield here


def test_an_answer_is_read_as_what_was_asked_for(server: Answering) -> None:
    server.says("GET /things?page=2", [1, 2])
    assert Http(server.url, KEY).get("/things", list[int], {"page": "2"}) == [1, 2]
    assert server.asked[0].headers["authorization"] == "Bearer hunter2"
    assert server.asked[0].headers["user-agent"] == "jupyter-mlcd"


def test_pages_are_read_to_the_last_and_a_thousand_at_most(server: Answering) -> None:
    server.says("GET /things?a=1&per_page=100&page=1", list(range(100)))
    server.says("GET /things?a=1&per_page=100&page=2", [100])
    assert list(Http(server.url).pages("/things", list[int], {"a": "1"})) == [*range(100), 100]
    for number in range(2, 12):
        server.says(f"GET /things?a=1&per_page=100&page={number}", list(range(100)))
    assert len(list(Http(server.url).pages("/things", list[int], {"a": "1"}))) == 1000


def test_what_changes_something_is_sent_once_however_busy_the_server_is(server: Answering) -> None:
    server.says("POST /things", (503, "{}", {}))
    with pytest.raises(HubError, match="answers 503"):
        Http(server.url).post("/things", dict, {"a": 1})
    assert [one.json for one in server.asked] == [{"a": 1}]


def test_what_changes_nothing_is_asked_again_when_the_server_is_busy(server: Answering) -> None:
    server.says("GET /things", (429, "{}", {"Retry-After": "0.01"}), (502, "", {}), [1])
    assert Http(server.url).get("/things", list[int]) == [1]
    server.says("GET /things", (503, "", {"Retry-After": "0.01"}))
    with pytest.raises(HubError, match="answers 503"):
        Http(server.url).get("/things", list[int])
    assert len(server.asked) == 6


@pytest.mark.parametrize(
    ("status", "code"),
    [(401, "hub-refused"), (403, "hub-refused"), (404, "hub-not-found"), (500, "hub-answer")],
)
def test_each_kind_of_no_has_a_name(server: Answering, status: int, code: str) -> None:
    server.says("GET /things", (status, "{}", {}))
    with pytest.raises(HubError) as caught:
        Http(server.url, KEY).get("/things", dict)
    assert caught.value.code == code
    assert "127.0.0.1" in caught.value.message


def test_what_the_server_says_about_it_is_told(server: Answering) -> None:
    server.says("GET /things", (422, {"message": "No commit found for\nSHA: 1"}, {}))
    with pytest.raises(HubError, match=r"answers 422 to /things: No commit found for SHA: 1\Z"):
        Http(server.url, KEY).get("/things", dict)


def test_the_key_goes_nowhere_else(server: Answering) -> None:
    with answering() as other:
        other.says("GET /things", [1])
        server.says("GET /things", (302, "", {"Location": f"{other.url}/things"}))
        with pytest.raises(HubError, match="answers 302"):
            Http(server.url, KEY).get("/things", list[int])
        assert other.asked == []


def test_no_message_holds_the_key(server: Answering) -> None:
    server.says("GET /things", (401, {"message": "Bearer hunter2 is bad"}, {}))
    http = Http(server.url, KEY)
    with pytest.raises(HubError) as caught:
        http.get("/things", dict)
    assert "hunter2" not in repr((http, caught.value.problem))
    assert "hunter2" not in repr(pickle.loads(pickle.dumps(caught.value)))  # noqa: S301


def test_a_page_for_logging_in_is_no_answer(server: Answering) -> None:
    server.says("GET /things", (203, "<html>Sign in</html>", {"Content-Type": "text/html"}))
    with pytest.raises(HubError, match="does not answer /things as expected"):
        Http(server.url).get("/things", dict)


@pytest.mark.parametrize("status", [200, 422])
def test_an_answer_without_a_bottom_is_no_answer(server: Answering, status: int) -> None:
    deep = '{"message": ' + "[" * 100_000 + "]" * 100_000 + "}"
    server.says("GET /things", (status, deep, {}))
    with pytest.raises(HubError):
        Http(server.url).get("/things", dict)


def test_reasons_in_lists_and_tables_are_told(server: Answering) -> None:
    server.says("GET /things", (400, {"message": {"base": ["one", "two"]}}, {}))
    with pytest.raises(HubError, match="base: one, two"):
        Http(server.url).get("/things", dict)


def test_more_than_is_needed_is_not_read(server: Answering) -> None:
    server.says("GET /things", "x" * (5 << 20))
    with pytest.raises(HubError, match="more than is read"):
        Http(server.url).get("/things", str)


def test_where_nobody_listens_is_said() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{free.getsockname()[1]}"
    with pytest.raises(HubError, match="cannot be reached") as caught:
        Http(address, KEY).get("/things", dict)
    assert caught.value.code == "hub-unreachable"


@pytest.mark.parametrize(
    ("address", "is_safe"),
    [
        ("https://api.github.com", True),
        ("http://localhost:8080/api", True),
        ("http://127.0.0.1:1", True),
        ("http://example.org", False),
        ("https://ken:hunter2@example.org", False),
        ("http://localhost@example.org", False),
        ("https://", False),
        ("ftp://example.org", False),
        ("https://example.org:no", False),
        ("", False),
    ],
)
def test_keys_go_by_tls_or_stay_on_this_machine(address: str, is_safe: bool) -> None:
    assert is_safe_address(address) is is_safe


def test_an_answer_that_is_lost_is_told_from_one_that_was_never_asked_for() -> None:
    """Whoever sends something that must not happen twice has to know which of the two it is."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        address = f"http://127.0.0.1:{listening.getsockname()[1]}"

        def hang_up() -> None:
            peer, _ = listening.accept()
            peer.recv(1000)
            peer.close()

        thread = threading.Thread(target=hang_up)
        thread.start()
        with pytest.raises(HubError) as lost:
            Http(address).post("/things", dict, {})
        thread.join()
    assert lost.value.code == "hub-lost"
    with pytest.raises(HubError) as closed:
        Http(address).post("/things", dict, {})
    assert closed.value.code == "hub-unreachable"


@pytest.mark.parametrize(
    ("status", "code"),
    [(302, "hub-said-no"), (409, "hub-said-no"), (422, "hub-said-no"), (408, "hub-answer"),
     (500, "hub-answer"), (503, "hub-answer")],
)  # fmt: skip
def test_what_may_have_been_done_is_told_from_what_was_not(
    server: Answering, status: int, code: str
) -> None:
    server.says("POST /things", (status, "{}", {"Location": "http://127.0.0.1:1/"}))
    with pytest.raises(HubError) as caught:
        Http(server.url).post("/things", dict, {})
    assert caught.value.code == code


def test_an_answer_can_be_in_its_headers(server: Answering) -> None:
    server.says("POST /things", (303, "", {"Location": "/queue/item/7/"}))
    _, headers = Http(server.url).change("POST", "/things", type(None), b"", also={303})
    assert headers["location"] == "/queue/item/7/"


def test_a_packed_answer_is_not_unpacked(server: Answering) -> None:
    server.says("GET /things", (200, "x", {"Content-Encoding": "gzip"}))
    with pytest.raises(HubError, match="packed"):
        Http(server.url).get("/things", dict)
    assert server.asked[0].headers["accept-encoding"] == "identity"


@pytest.mark.parametrize(
    "address",
    ["169.254.169.254", "fe80::1%eth0", "::ffff:169.254.169.254", "0.0.0.0", "224.0.0.1"],  # noqa: S104
)
def test_nothing_is_sent_to_where_clouds_keep_their_secrets(
    server: Answering, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.setattr(
        "httpcore._backends.sync.SyncStream.get_extra_info", lambda *_: (address, 80)
    )
    with pytest.raises(HubError, match="no place for a server") as caught:
        Http(server.url, KEY).post("/things", dict, {})
    assert caught.value.code == "hub-unreachable"
    assert server.asked == []


def test_a_server_that_sends_its_headers_letter_by_letter_is_left(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("jupyter_mlcd.world.http._SECONDS", 0.1)
    left = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def trickle() -> None:
            peer, _ = listening.accept()
            with peer, suppress(OSError):
                peer.recv(1000)
                peer.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
                while not left.wait(0.02):
                    peer.sendall(b"x")

        thread = threading.Thread(target=trickle)
        thread.start()
        with pytest.raises(HubError) as lost:
            Http(f"http://127.0.0.1:{listening.getsockname()[1]}").post("/things", dict, {})
        left.set()
        thread.join()
    assert lost.value.code == "hub-lost"


def test_a_server_that_cannot_show_who_it_is_gets_nothing(tmp_path: Path) -> None:
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
         "-nodes", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
         "-keyout", str(key), "-out", str(certificate)],
        check=True, capture_output=True,
    )  # fmt: skip
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def welcome() -> None:
            peer, _ = listening.accept()
            with suppress(OSError), context.wrap_socket(peer, server_side=True):
                pass

        thread = threading.Thread(target=welcome)
        thread.start()
        with pytest.raises(HubError, match="certificate") as caught:
            Http(f"https://localhost:{listening.getsockname()[1]}", KEY).post("/things", dict, {})
        thread.join()
    assert caught.value.code == "hub-unreachable"
