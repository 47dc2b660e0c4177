"""The views of the side panel inside a notebook, in JupyterLab and in Notebook 7.

    from jupyter_mlcd.widgets import SuiteWidget

    suite = SuiteWidget("quality")
    suite                # shows it, live
    suite.run()
    await suite.done()

They speak to the project in the kernel's own process: no server extension is needed. What is
executed without anybody looking, by papermill or nbconvert, is left with a plain table.
"""

from __future__ import annotations

from jupyter_mlcd.widgets.deliver import DeliverWidget
from jupyter_mlcd.widgets.environments import EnvironmentsWidget
from jupyter_mlcd.widgets.evidence import EvidenceWidget
from jupyter_mlcd.widgets.suite import SuiteWidget

__all__ = ["DeliverWidget", "EnvironmentsWidget", "EvidenceWidget", "SuiteWidget"]
