set -eu
@cd@
python -m pip install --quiet @packages@
