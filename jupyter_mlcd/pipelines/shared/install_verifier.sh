set -eu
python -m pip install --quiet @verifier@
