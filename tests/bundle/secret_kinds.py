"""Values that look like secrets, made when they are asked for: none stands in a file as a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    Make = Callable[[Random], str]

LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz0123456789"
HEX = "0123456789abcdef"
DIGITS = "0123456789"
CAPITALS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"


def some(luck: Random, count: int, alphabet: str = LETTERS) -> str:
    """Return random letters."""
    return "".join(luck.choice(alphabet) for _ in range(count))


def _of(*parts: str | tuple[int, str]) -> Make:
    """Return what puts a value together: texts, and counts of letters of an alphabet."""
    return lambda luck: "".join(
        part if isinstance(part, str) else some(luck, *part) for part in parts
    )


STRUCTURED: dict[str, Make] = {
    "github-token": _of("ghp", "_", (36, LETTERS)),
    "github-fine-grained-token": _of("github", "_pat_", (82, LETTERS)),
    "gitlab-token": _of("glpat", "-", (20, LETTERS)),
    "aws-access-key": _of("AKIA", (16, CAPITALS)),
    "aws-secret-key": _of("aws_secret", "_access_key = '", (40, LETTERS), "'"),
    "azure-storage-key": _of("Account", "Key=", (86, LETTERS), "=="),
    "azure-devops-token": _of((76, LETTERS), "AZDO", (4, LETTERS)),
    "azure-client-secret": _of((3, LETTERS), "8Q~", (34, LETTERS)),
    "google-api-key": _of("AIza", (35, LETTERS)),
    "google-client-secret": _of("GOCSPX", "-", (28, LETTERS)),
    "google-access-token": _of("ya29", ".", (60, LETTERS)),
    "slack-token": _of("xoxb", "-", (12, DIGITS), "-", (24, LETTERS)),
    "slack-webhook": _of(
        "https://hooks.slack", ".com/services/T", (10, LETTERS), "/B", (10, LETTERS), "/",
        (24, LETTERS),
    ),
    "stripe-key": _of("sk", "_live_", (24, LETTERS)),
    "npm-token": _of("npm", "_", (36, LETTERS)),
    "pypi-token": _of("pypi", "-AgEIcHlwaS5vcmc", (80, LETTERS)),
    "hugging-face-token": _of("hf", "_", (34, LETTERS)),
    "openai-key": _of("sk", "-proj-", (48, LETTERS)),
    "anthropic-key": _of("sk", "-ant-api03-", (93, LETTERS)),
    "sendgrid-key": _of("SG", ".", (22, LETTERS), ".", (43, LETTERS)),
    "databricks-token": _of("dapi", (32, HEX)),
    "digitalocean-token": _of("dop", "_v1_", (64, HEX)),
    "docker-token": _of("dckr", "_pat_", (27, LETTERS)),
    "vault-token": _of("hvs", ".", (90, LETTERS)),
    "telegram-token": _of((9, "123456789"), ":AA", (33, LETTERS)),
    "json-web-token": _of("eyJ", (30, LETTERS), ".eyJ", (60, LETTERS), ".", (43, LETTERS)),
    "private-key": _of("-----BEGIN RSA ", "PRIVATE KEY-----\nMIIE", (40, LETTERS)),
    "password-in-url": _of("postgresql://ada:", (12, LETTERS), "@db.example.org/x"),
    "jupyter-token-in-url": _of("http://127.0.0.1:8888/lab?token=", (48, HEX)),
    "pulumi-token": _of("pul", "-", (40, HEX)),
    "new-relic-key": _of("NRAK", "-", (27, CAPITALS)),
    "grafana-token": _of("glsa", "_", (32, LETTERS), "_", (8, HEX)),
    "shopify-token": _of("shpat", "_", (32, HEX)),
    "square-token": _of("sq0atp", "-", (22, LETTERS)),
    "mailgun-key": _of("key", "-", (32, HEX)),
    "mailchimp-key": _of((32, HEX), "-us", (2, "12")),
    "twilio-key": _of("SK", (32, HEX)),
    "linear-key": _of("lin", "_api_", (40, LETTERS)),
    "notion-token": _of("ntn", "_", (46, LETTERS)),
    "figma-token": _of("figd", "_", (40, LETTERS)),
    "airtable-token": _of("pat", (14, LETTERS), ".", (64, HEX)),
    "doppler-token": _of("dp", ".pt.", (43, LETTERS)),
    "planetscale-token": _of("pscale", "_tkn_", (43, LETTERS)),
    "replicate-token": _of("r8", "_", (37, LETTERS)),
    "groq-key": _of("gsk", "_", (52, LETTERS)),
    "perplexity-key": _of("pplx", "-", (48, LETTERS)),
    "xai-key": _of("xai", "-", (80, LETTERS)),
    "age-secret-key": _of("AGE-SECRET", "-KEY-1", (58, CAPITALS)),
    "terraform-token": _of((14, LETTERS), ".atlasv1.", (67, LETTERS)),
    "sentry-token": _of("sntrys", "_", (80, LETTERS)),
    "rubygems-key": _of("rubygems", "_", (48, HEX)),
    "environment-dump": _of("MY_SERVICE_", "PASSWORD=", (20, LETTERS), "7a"),
}  # fmt: skip
"""``{rule: how a value of that kind is made}``."""

KNOWN: dict[str, Make] = {
    "known: letters": _of((12, LETTERS)),
    "known: of eight letters": _of((8, LETTERS)),
    "known: a sentence": _of((5, LETTERS), " horse ", (6, LETTERS)),
    "known: quotes and marks": _of((5, LETTERS), "\"'<&>/+=", (5, LETTERS)),
    "known: other alphabets": _of((4, LETTERS), "wörd-пароль", (4, LETTERS)),
    "known: backslashes": _of((4, LETTERS), "\\n\\", (6, LETTERS)),
    "known: percent signs": _of((4, LETTERS), "%20%", (6, LETTERS)),
    "known: hexadecimal": _of((32, HEX)),
}
"""Values that this computer is known to keep secret."""
