"""What secrets look like: the prefixes that their makers gave them, and the values that we know.

Every pattern is linear: it starts at a literal, has bounded repetitions, and no two neighbours that
could share a character in two ways.
"""

from __future__ import annotations

import base64
import html
import json
import os
import re
import string
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, quote_plus, unquote, urlsplit

from jupyter_mlcd.world.key_variables import SHORTEST_KNOWN, secrets_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_SHORTEST_IN_A_URL: Final = 6
_MOST_TOKEN_FILES: Final = 64


@dataclass(frozen=True)
class KnownSecret:
    """A value that must not leave this computer, whatever it looks like."""

    name: str
    """Where it comes from; this is shown."""
    value: str
    """Never shown."""

    def forms(self) -> frozenset[str]:
        """Return the value as it may stand in a text: plain, escaped, or encoded."""
        raw = self.value.encode("utf-8", "surrogateescape")
        found = {
            self.value,
            quote(raw, safe=""),
            quote_plus(raw),
            *(_low(quoted) for quoted in (quote(raw, safe=""), quote_plus(raw))),
            json.dumps(json.dumps(self.value))[3:-3],
            json.dumps(self.value)[1:-1],
            json.dumps(self.value, ensure_ascii=False)[1:-1],
            repr(self.value)[1:-1],
            html.escape(self.value),
            raw.hex(),
            raw.hex().upper(),
            *_base64_forms(raw),
        }
        return frozenset(form for form in found if len(form) >= _SHORTEST_IN_A_URL)


def _low(quoted: str) -> str:
    return re.sub(r"%[0-9A-F]{2}", lambda found: found[0].lower(), quoted)


def _base64_forms(raw: bytes) -> Iterator[str]:
    """Yield what is constant of the base64 of any text that holds ``raw``, for each alignment."""
    for shift in range(3):
        text = base64.b64encode(b"\0" * shift + raw).decode("ascii")
        start = (0, 2, 3)[shift]  # the first letters mix with what stands before
        end = len(text) - (0, 4, 4)[(shift + len(raw)) % 3]  # and the last with what follows
        yield text[start:end]
        yield text[start:end].replace("+", "-").replace("/", "_")


@dataclass(frozen=True)
class Rule:
    """One kind of secret, known by its prefix."""

    name: str
    literal: str
    """What every match holds: texts without it are passed over at once."""
    pattern: re.Pattern[str]
    starts_a_word: bool = False
    """Whether it must not begin in the middle of a word: base64 is full of beginnings."""
    offset: int | None = None
    """Where in a match the literal stands, for a pattern that begins with what all is full of."""

    def matches(self, text: str) -> Iterator[re.Match[str]]:
        """Yield where it stands in a text.

        What stands before is looked at afterwards: a pattern that begins with its letters is
        searched for ten times as fast as one that begins with a look behind.
        """
        place = 0
        while self.literal in text and (found := self._next(text, place)):
            start = found.start()
            if self.starts_a_word and start and text[start - 1] in _OF_WORDS:
                place = start + 1
                continue
            yield found
            place = max(found.end(), start + 1)

    def _next(self, text: str, place: int) -> re.Match[str] | None:
        if self.offset is None:
            return self.pattern.search(text, place)
        at = text.find(self.literal, place + max(0, self.offset))
        while at >= 0:
            found = self.pattern.match(text, at - self.offset) if at >= self.offset else None
            if found:
                return found
            at = text.find(self.literal, at + 1)
        return None


_OF_WORDS: Final = frozenset(string.ascii_letters + string.digits + "_+/-")


def _rule(
    name: str, literal: str, pattern: str, offset: int | None = None, *, anywhere: bool = False
) -> Rule:
    return Rule(name, literal, re.compile(pattern, re.ASCII), not anywhere, offset)


RULES: Final[tuple[Rule, ...]] = (
    _rule("github-token", "gh", r"gh[pousr]_[A-Za-z0-9]{36,255}"),
    _rule("github-fine-grained-token", "github_pat_", r"github_pat_[A-Za-z0-9_]{60,255}"),
    _rule(
        "gitlab-token",
        "gl",
        r"gl(?:pat|dt|rt|cbt|ptt|ft|imt|agent|oas|soat)-[A-Za-z0-9_.-]{20,300}",
    ),
    _rule("aws-access-key", "A", r"A(?:KIA|SIA|BIA|CCA)[A-Z2-7]{16}(?![A-Za-z0-9])"),
    _rule(
        "aws-secret-key",
        "ecret",
        r"ecret_?[aA]ccess_?[kK]ey[\"' :=]{1,8}[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=])",
        anywhere=True,
    ),
    _rule(
        "aws-secret-key",
        "SECRET",
        r"SECRET_ACCESS_KEY[\"' :=]{1,8}[A-Za-z0-9/+]{40}",
        anywhere=True,
    ),
    _rule("azure-storage-key", "AccountKey=", r"AccountKey=[A-Za-z0-9+/]{86}=="),
    _rule("azure-devops-token", "AZDO", r"[A-Za-z0-9]{76}AZDO[A-Za-z0-9]{4}(?![A-Za-z0-9])", 76),
    _rule("azure-client-secret", "Q~", r"[A-Za-z0-9_~.]{3}[0-9]Q~[A-Za-z0-9_~.-]{31,34}"),
    _rule("google-api-key", "AIza", r"AIza[A-Za-z0-9_-]{35}(?![A-Za-z0-9_-])"),
    _rule("google-client-secret", "GOCSPX-", r"GOCSPX-[A-Za-z0-9_-]{28}"),
    _rule("google-access-token", "ya29.", r"ya29\.[A-Za-z0-9_-]{30,2000}"),
    _rule("slack-token", "xox", r"xox[abeprs]-[A-Za-z0-9-]{10,255}"),
    _rule(
        "slack-webhook",
        "hooks.slack.com",
        r"https://hooks\.slack\.com/(?:services|workflows)/[A-Za-z0-9/]{40,100}",
    ),
    _rule("stripe-key", "k_", r"[sr]k_(?:live|test|prod)_[A-Za-z0-9]{16,255}"),
    _rule("npm-token", "npm_", r"npm_[A-Za-z0-9]{36}(?![A-Za-z0-9])"),
    _rule("pypi-token", "pypi-AgE", r"pypi-AgE[A-Za-z0-9_-]{50,1000}"),
    _rule("hugging-face-token", "hf_", r"hf_[A-Za-z0-9]{34}(?![A-Za-z0-9])"),
    _rule("openai-key", "sk-", r"sk-(?:proj|svcacct|admin|None)-[A-Za-z0-9_-]{20,255}"),
    _rule("openai-key", "T3BlbkFJ", r"sk-[A-Za-z0-9]{20}T3BlbkFJ[A-Za-z0-9]{20}"),
    _rule("anthropic-key", "sk-ant-", r"sk-ant-[a-z0-9]{2,10}-[A-Za-z0-9_-]{32,255}"),
    _rule("sendgrid-key", "SG.", r"SG\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}"),
    _rule("databricks-token", "dapi", r"dapi[0-9a-f]{32}(?![0-9a-f])"),
    _rule("digitalocean-token", "_v1_", r"do[oprt]_v1_[0-9a-f]{64}"),
    _rule("docker-token", "dckr_", r"dckr_[op]at_[A-Za-z0-9_-]{27,64}"),
    _rule("vault-token", "hv", r"hv[sb]\.[A-Za-z0-9_-]{24,300}"),
    _rule("telegram-token", ":AA", r"[0-9]{8,10}:AA[A-Za-z0-9_-]{33}(?![A-Za-z0-9_-])"),
    _rule(
        "json-web-token",
        "eyJ",
        r"eyJ[A-Za-z0-9_-]{8,4000}\.eyJ[A-Za-z0-9_-]{8,8000}\.[A-Za-z0-9_-]{16,2000}",
    ),
    _rule("pulumi-token", "pul-", r"pul-[0-9a-f]{40}(?![0-9a-f])"),
    _rule("new-relic-key", "NRAK-", r"NRAK-[A-Z0-9]{27}(?![A-Z0-9])"),
    _rule("grafana-token", "glsa_", r"glsa_[A-Za-z0-9]{32}_[0-9a-fA-F]{8}"),
    _rule("shopify-token", "shp", r"shp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}(?![0-9a-fA-F])"),
    _rule("square-token", "sq0", r"sq0(?:atp|csp)-[A-Za-z0-9_-]{22,43}"),
    _rule("mailgun-key", "key-", r"key-[0-9a-f]{32}(?![0-9a-f])"),
    _rule("mailchimp-key", "-us", r"[0-9a-f]{32}-us[0-9]{1,2}(?![0-9])", 32),
    _rule("twilio-key", "SK", r"SK[0-9a-f]{32}(?![0-9a-f])"),
    _rule("linear-key", "lin_api_", r"lin_api_[A-Za-z0-9]{40}"),
    _rule("notion-token", "ntn_", r"ntn_[A-Za-z0-9]{40,50}(?![A-Za-z0-9])"),
    _rule("figma-token", "figd_", r"figd_[A-Za-z0-9_-]{40}"),
    _rule("airtable-token", "pat", r"pat[A-Za-z0-9]{14}\.[0-9a-f]{64}"),
    _rule("doppler-token", "dp.", r"dp\.(?:pt|ct|sa|scim|audit)\.[A-Za-z0-9]{40,44}"),
    _rule("planetscale-token", "pscale_", r"pscale_(?:tkn|pw|oauth)_[A-Za-z0-9._=-]{32,64}"),
    _rule("replicate-token", "r8_", r"r8_[A-Za-z0-9]{37}(?![A-Za-z0-9])"),
    _rule("groq-key", "gsk_", r"gsk_[A-Za-z0-9]{52}(?![A-Za-z0-9])"),
    _rule("perplexity-key", "pplx-", r"pplx-[A-Za-z0-9]{48}(?![A-Za-z0-9])"),
    _rule("xai-key", "xai-", r"xai-[A-Za-z0-9]{80}(?![A-Za-z0-9])"),
    _rule("age-secret-key", "AGE-SECRET-KEY-1", r"AGE-SECRET-KEY-1[A-Z0-9]{58}"),
    _rule("terraform-token", ".atlasv1.", r"[A-Za-z0-9]{14}\.atlasv1\.[A-Za-z0-9_-]{60,70}"),
    _rule("sentry-token", "sntry", r"sntry[su]_[A-Za-z0-9+/=_-]{40,255}"),
    _rule("rubygems-key", "rubygems_", r"rubygems_[0-9a-f]{48}(?![0-9a-f])"),
    # What `env` prints: a name in capitals that says what it is, and a value that is no word.
    Rule(
        "environment-dump",
        "=",
        re.compile(
            r"(?<![A-Za-z0-9_])[A-Z][A-Z0-9_]{0,60}(?:PASSWORD|SECRET|TOKEN|API_?KEY)="
            r"(?=[^\s\"']{0,60}[0-9])(?=[^\s\"']{0,60}[A-Za-z])[A-Za-z0-9+/_.~!@#%^&*-]{16,200}"
            r"(?![^\s\"'\\<,;)}\]])",
            re.ASCII,
        ),
    ),
    Rule(
        "private-key",
        "PRIVATE KEY",
        re.compile(r"-----BEGIN (?:[A-Z0-9]{1,12} ){0,3}PRIVATE KEY(?: BLOCK)?-----"),
    ),
    Rule(
        "password-in-url",
        "://",
        # Not what stands for a value: {password}, $TOKEN, <token>, ***.
        re.compile(
            r"(?<=://)[^/\s:@\"'<>{}$*]{0,100}:(?!(?:password|passwd|pass|pwd|token|secret|PASSWORD"
            r"|TOKEN|xxx+|XXX+)@)[^/\s:@\"'<>{}$*]{3,200}@(?=[A-Za-z0-9\[])"
        ),
        offset=-3,
    ),
    Rule(
        "jupyter-token-in-url",
        "token=",
        re.compile(r"(?<=[?&]token=)[0-9a-f]{32,64}(?![0-9a-f])"),
        offset=-6,
    ),
)


def known_secrets(
    environ: Mapping[str, str], remote_urls: Iterable[str]
) -> tuple[KnownSecret, ...]:
    """Return the values that this computer is known to keep secret.

    From environment variables by their names, from the user part of remotes' addresses, and the
    tokens of the Jupyter servers of this user.
    """
    return (*_from_environment(environ), *_from_urls(remote_urls), *_from_servers(environ))


def _from_environment(environ: Mapping[str, str]) -> Iterator[KnownSecret]:
    for name, value in secrets_of(environ).items():
        yield KnownSecret(f"environment variable {name}", value)


def _from_urls(urls: Iterable[str]) -> Iterator[KnownSecret]:
    for url in urls:
        try:
            parts = urlsplit(url)
            # https://TOKEN@host: there the name itself is the secret; ssh://git@host is none.
            alone = parts.username if parts.scheme.startswith("http") else None
            value = parts.password or alone or ""
        except ValueError:
            continue
        if len(value) >= _SHORTEST_IN_A_URL:
            yield KnownSecret(f"address of the remote on {parts.hostname}", unquote(value))


def _from_servers(environ: Mapping[str, str]) -> Iterator[KnownSecret]:
    """Yield the tokens in the files that running Jupyter servers keep for their clients."""
    for folder in _runtime_folders(environ):
        for path in sorted(folder.glob("jpserver-*.json"))[:_MOST_TOKEN_FILES]:
            try:
                token = json.loads(path.read_bytes()).get("token")
            except (OSError, ValueError, AttributeError):
                continue
            if isinstance(token, str) and len(token) >= SHORTEST_KNOWN:
                yield KnownSecret("token of a Jupyter server", token)


def _runtime_folders(environ: Mapping[str, str]) -> Iterator[Path]:
    """Yield where jupyter_core may put them, which is too slow to import for this."""
    if given := environ.get("JUPYTER_RUNTIME_DIR"):
        yield Path(given)
    home = environ.get("HOME") or environ.get("USERPROFILE")
    if data := environ.get("JUPYTER_DATA_DIR"):
        yield Path(data, "runtime")
    elif sys.platform == "darwin" and home:
        yield Path(home, "Library", "Jupyter", "runtime")
    elif os.name == "nt" and environ.get("APPDATA"):
        yield Path(environ["APPDATA"], "jupyter", "runtime")
    elif home:
        shared = environ.get("XDG_DATA_HOME") or str(Path(home, ".local", "share"))
        yield Path(shared, "jupyter", "runtime")
