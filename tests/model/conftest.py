from __future__ import annotations

from hypothesis import settings

# Time says nothing about these properties, and other tests share the processors.
settings.register_profile("model", deadline=None, max_examples=150)
settings.load_profile("model")
