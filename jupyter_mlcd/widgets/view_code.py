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

const TURN = 3_000;

function load(script, style) {
  const sheet = document.createElement("style");
  sheet.textContent = new TextDecoder().decode(style);
  document.head.append(sheet);
  const url = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
  return import(/* webpackIgnore: true */ url).finally(() => URL.revokeObjectURL(url));
}

function ask(model, digest) {
  return new Promise((resolve, reject) => {
    const heard = (said, buffers) => {
      if (said.kind !== "code" || said.digest !== digest) return;
      model.off("msg:custom", heard);
      resolve(buffers);
    };
    model.on("msg:custom", heard);
    model.send({ kind: "code" });
    const gone = new Error("The kernel does not answer. Run this cell again.");
    setTimeout(() => reject(gone), PATIENCE);
  });
}

// One widget asks for all; where it is not heard the next ones ask for themselves, in turn.
function views(model) {
  const digest = model.get("_code");
  const found = held.get(digest) ?? { turn: 0 };
  held.set(digest, found);
  found.loaded ??= new Promise((resolve, reject) => {
    found.resolve = resolve;
    found.reject = reject;
  });
  const turn = found.turn++ * TURN;
  setTimeout(() => {
    if (found.isHeard) return;
    ask(model, digest).then(buffers => {
      if (found.isHeard) return;
      found.isHeard = true;
      found.resolve(load(...buffers).then(code => code.default));
    }, error => {
      if (found.isHeard) return;
      held.delete(digest);
      found.reject(error);
    });
  }, turn);
  return found.loaded;
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
