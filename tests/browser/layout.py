"""Whether the text of a part of a page can be read: nothing outside of it, nothing cut."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Locator

# A text may be shortened where its whole is a hover away; a block of code scrolls by itself.
_CHECK = """
root => {
  const told = [];
  if (root.scrollWidth > root.clientWidth + 1) {
    told.push(`it scrolls sideways: ${root.scrollWidth} in ${root.clientWidth} pixels`);
  }
  const limits = root.getBoundingClientRect();
  const texts = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  for (let node = texts.nextNode(); node; node = texts.nextNode()) {
    const parent = node.parentElement;
    const words = node.textContent.trim();
    const unseen = '.jp-Mlcd-unseen, title, option, pre, .jp-Mlcd-scroll, textarea, style';
    if (!words || parent.closest(unseen) || !parent.checkVisibility()) {
      continue;
    }
    const range = document.createRange();
    range.selectNodeContents(node);
    const box = range.getBoundingClientRect();
    if (box.right > limits.right + 1 || box.left < limits.left - 1) {
      told.push(`outside: ${words}`);
    }
    for (let one = parent; one !== root; one = one.parentElement) {
      const isCut = getComputedStyle(one).overflowX === 'hidden' &&
        box.right > one.getBoundingClientRect().right + 1;
      if (isCut && !parent.closest('[title]')) {
        told.push(`cut: ${words}`);
        break;
      }
    }
  }
  return told;
}
"""


def trouble(root: Locator) -> list[str]:
    """Return what cannot be read, in sentences."""
    found: list[str] = root.evaluate(_CHECK)
    return found
