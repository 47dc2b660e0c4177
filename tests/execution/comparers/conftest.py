from __future__ import annotations

from hypothesis import settings

# Machines that run tests may be slow; a deadline would fail them, not the code.
settings.register_profile("mlcd", deadline=None)
settings.load_profile("mlcd")
