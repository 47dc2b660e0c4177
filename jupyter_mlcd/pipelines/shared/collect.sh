set -eu
@cd@
git branch --no-track mlcd/evidence refs/remotes/origin/mlcd/evidence 2>/dev/null || true
rm -rf delivered
jupyter mlcd evidence export@with-products@ --output delivered -- "$MLCD_VERSION"
