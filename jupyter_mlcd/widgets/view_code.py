"""The code of the views: a small loader in the widget, the rest sent when a browser asks for it.

A notebook stores the state of its widgets, so the state holds the loader only. The bundle goes as
a message to whoever shows the widget, is kept there by its digest, and is never stored.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import NamedTuple

from jupyter_mlcd.model.errors import NotFoundError

_FOLDER = Path(__file__).parent / "static"

LOADER = """
const held = (globalThis.jupyterMlcdWidgets ??= new Map());
const PATIENCE = 60_000;

function ask(model, digest) {
  return new Promise((resolve, reject) => {
    const heard = async (said, buffers) => {
      if (said.kind !== "code" || said.digest !== digest) return;
      model.off("msg:custom", heard);
      const [script, style] = buffers.map(one => new Blob([one], { type: "text/javascript" }));
      const url = URL.createObjectURL(script);
      try {
        const sheet = document.createElement("style");
        sheet.textContent = await style.text();
        document.head.append(sheet);
        resolve((await import(/* webpackIgnore: true */ url)).default);
      } catch (error) {
        reject(error);
      } finally {
        URL.revokeObjectURL(url);
      }
    };
    model.on("msg:custom", heard);
    model.send({ kind: "code" });
    const gone = new Error("The kernel does not answer. Run this cell again.");
    setTimeout(() => reject(gone), PATIENCE);
  });
}

function views(model) {
  const digest = model.get("_code");
  if (!held.has(digest)) {
    const asked = ask(model, digest);
    held.set(digest, asked);
    asked.catch(() => held.delete(digest));
  }
  return held.get(digest);
}

const models = new Map();
const started = new Map();

// Once per model. anywidget hands us no message before `initialize` has returned: it must not wait.
function start(model) {
  const key = model.get("_key");
  if (!started.has(key)) {
    const begun = views(model).then(code => ({ code, stop: code.initialize({ model }) }));
    started.set(key, begun);
    begun.catch(() => started.delete(key));
  }
  return started.get(key);
}

export default {
  initialize({ model }) {
    const key = model.get("_key");
    models.set(key, model);
    start(model).catch(() => undefined); // Said where it is shown.
    return () => {
      started.get(key)?.then(({ stop }) => stop(), () => undefined);
      started.delete(key);
      models.delete(key);
    };
  },
  async render({ model, el }) {
    try {
      const { code } = await start(models.get(model.get("_key")) ?? model);
      return code.render({ model, el });
    } catch (error) {
      el.textContent = error.message;
    }
  }
};
"""


class ViewCode(NamedTuple):
    """The bundle that ``npm run build:widgets`` makes."""

    script: bytes
    style: bytes
    digest: str
    """Names exactly these bytes."""


@cache
def view_code() -> ViewCode:
    """Read the bundle. Raises NotFoundError where the front end was not built."""
    try:
        script = (_FOLDER / "widgets.js").read_bytes()
        style = (_FOLDER / "widgets.css").read_bytes()
    except OSError:
        raise NotFoundError(
            "the widgets of this installation were not built",
            code="no-widgets",
            hint="In a checkout: make build. Everything else works without them.",
        ) from None
    return ViewCode(script, style, hashlib.sha256(script + style).hexdigest()[:16])
