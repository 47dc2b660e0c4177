from __future__ import annotations

import subprocess
import sys

FIRST_REQUESTS = """
import sys, threading
import msgspec
from jupyter_mlcd.model.evidence import Manifest
from jupyter_mlcd.world.types_in_threads import ready_types

assert ready_types("jupyter_mlcd") > 20
sys.setswitchinterval(1e-7)
together = threading.Barrier(6)
refused = []

def ask():
    together.wait()
    try:
        msgspec.json.decode(b'{"v": 1, "run": {"id": "x", "cases": [{"id": "1"}]}}', type=Manifest)
    except msgspec.ValidationError as error:
        refused.append(error)

threads = [threading.Thread(target=ask) for _ in range(6)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
assert len(refused) == 6
"""


def test_first_requests_in_several_threads_do_not_end_the_process() -> None:
    for _ in range(5):
        ended = subprocess.run([sys.executable, "-c", FIRST_REQUESTS], check=False, timeout=60)
        assert ended.returncode == 0
