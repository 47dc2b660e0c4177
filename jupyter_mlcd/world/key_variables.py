"""Variables of the environment that hold a secret, and those that could deliver."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

SHORTEST_KNOWN: Final = 8
"""Letters of a value that is looked for; a shorter one would be found in everything."""

# The server's own keys, and the usual names of tokens that delivery systems accept. A kernel is not
# trusted with delivery.
_WITHHELD = re.compile(
    r"(?:JUPYTER_TOKEN|JPY_API_TOKEN|JPY_SESSION_NAME|JPY_PARENT_PID|JUPYTERHUB_\w+"
    r"|MLCD_RUN_ID|MLCD_RUNNER_PID|GITHUB_TOKEN|GH_TOKEN|GITLAB_TOKEN|CI_JOB_TOKEN|CI_JOB_JWT\w*"
    r"|SIGSTORE_ID(?:ENTITY)?_TOKEN|ACTIONS_ID_TOKEN_REQUEST_\w+"
    r"|AZURE_DEVOPS_EXT_PAT|SYSTEM_ACCESSTOKEN|JENKINS_(?:API_)?TOKEN|BUILDBOT_\w*(?:TOKEN|PASS\w*)"
    # ipykernel stops catching the output of C libraries when it believes to be under pytest.
    r"|PYTEST_\w+"
    # The nursery is started from inside another Python; its traces would confuse the kernel's.
    r"|PYTHONEXECUTABLE|__PYVENV_LAUNCHER__)\Z"
)


def without_keys(base: Mapping[str, str], withheld: Collection[str] = ()) -> dict[str, str]:
    """Return the user's environment without what could deliver, and without ``withheld``."""
    return {
        name: value
        for name, value in base.items()
        if not _WITHHELD.match(name) and name not in withheld
    }


_SECRET_NAME = re.compile(r"TOKEN|SECRET|PASS|KEY|CRED|AUTH", re.IGNORECASE)
# Names that only look so: public keys, sockets, files, people.
_PUBLIC_NAME = re.compile(
    r"AUTHOR(?!I)|SSH_AUTH_SOCK|XAUTHORITY|GPG_KEY\Z|PUBLIC|KEYBOARD|KEYMAP|COMPASS|_PATH\Z|_FILE\Z"
    r"|_DIR\Z|_URL\Z|TOKENIZERS_PARALLELISM|KEYRING_BACKEND",
    re.IGNORECASE,
)
_WORDS: Final = frozenset(
    {
        *("disabled", "required", "optional", "anonymous", "password", "username", "internal"),
        *(
            "external",
            "standard",
            "automatic",
            "undefined",
            "changeme",
            "keyboard",
            "authenticated",
        ),
    }
)


def secrets_of(environ: Mapping[str, str]) -> dict[str, str]:
    """Return the variables whose names say that their values are secret."""
    return {
        name: value
        for name, value in environ.items()
        if _SECRET_NAME.search(name)
        and not _PUBLIC_NAME.search(name)
        and len(value) >= SHORTEST_KNOWN
        and value.lower() not in _WORDS
        and not (value.startswith(("/", "~")) and Path(value).exists())
    }
