test -d "$WORKSPACE_TMP/mlcd" || python3 -m venv "$WORKSPACE_TMP/mlcd"
. "$WORKSPACE_TMP/mlcd/bin/activate"
