"""The Python door: a project as an object with a method for every verb, for scripts and notebooks.

    from jupyter_mlcd import open_project

    project = open_project()
    run = project.run("quality").wait()
    print(run.verdict, run.cases[0].metrics)

What is asked for and cannot be done is raised as an ``MlcdError``; a failing notebook is no error
but the verdict of its run. Nothing here needs an event loop, and nothing minds one that runs.
"""

from __future__ import annotations

from jupyter_mlcd.project_api.live_run import LiveRun
from jupyter_mlcd.project_api.open_project import OpenProject, open_project
from jupyter_mlcd.project_api.prepared_delivery import PreparedDelivery

__all__ = ["LiveRun", "OpenProject", "PreparedDelivery", "open_project"]
