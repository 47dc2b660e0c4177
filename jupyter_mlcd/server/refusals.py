"""Requests that are refused before any verb is asked: by where they come from, or by their form.

Jupyter Server lets every request with a token come from anywhere, and every GET request that names
no origin. Here a request that a browser sends for another page is refused, whatever it carries:
pictures and pages of a run are nothing to put into somebody else's page.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from tornado import web

from jupyter_mlcd.model.errors import Problem

if TYPE_CHECKING:
    from jupyter_server.base.handlers import APIHandler
    from tornado.httputil import HTTPHeaders

SAME_ORIGIN = "same-origin"
"""What a browser says in Sec-Fetch-Site of a request of our own page; no page can say it itself."""


class RequestError(web.HTTPError):
    """A request that is not taken, with its words."""

    def __init__(self, status: HTTPStatus, code: str, message: str, hint: str) -> None:
        super().__init__(status)
        self.http_status = status
        self.problem = Problem(code, message, hint)


def not_logged_in() -> RequestError:
    """Return the refusal of a request of nobody."""
    return RequestError(
        HTTPStatus.UNAUTHORIZED,
        "not-logged-in",
        "you are not logged in",
        "Nothing was done. Reload the page and log in, or send the server's token.",
    )


def foreign_origin() -> RequestError:
    """Return the refusal of a request that another page sends."""
    return RequestError(
        HTTPStatus.FORBIDDEN,
        "foreign-origin",
        "this request comes from a page that is not this server's",
        "Nothing was done. Name a page that you trust in ServerApp.allow_origin.",
    )


def wrong_media_type() -> RequestError:
    """Return the refusal of a body that is not JSON."""
    return RequestError(
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        "not-json",
        "the body has to be JSON",
        "Send Content-Type: application/json.",
    )


def too_large(largest: int) -> RequestError:
    """Return the refusal of a body of more than ``largest`` bytes."""
    return RequestError(
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        "too-large",
        "the body is too large",
        f"At most {largest >> 20} MiB is taken.",
    )


def is_foreign(handler: APIHandler) -> bool:
    """Whether a browser sends this for another page than ours.

    Origins that ServerApp.allow_origin names are ours. A program names no origin, and a person
    who follows a link to a page of a run comes from anywhere.
    """
    headers = handler.request.headers
    site = headers.get("Sec-Fetch-Site", "none")
    if site == SAME_ORIGIN:
        return False
    if "Origin" in headers or handler.allow_origin == "*":
        return not handler.check_origin()
    if handler.request.method == "GET" and _is_visit(headers):
        return False
    if "Referer" in headers:
        return not handler.check_referer()
    return site != "none"


def _is_visit(headers: HTTPHeaders) -> bool:
    """Whether a whole tab goes there: neither a frame nor a part of another page."""
    mode, place = headers.get("Sec-Fetch-Mode"), headers.get("Sec-Fetch-Dest")
    return (mode, place) == ("navigate", "document")
