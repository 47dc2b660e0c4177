set -eu
@cd@
jupyter mlcd evidence verify --for "$MLCD_ENVIRONMENT" --digest "$MLCD_DIGEST" --tag "$MLCD_TAG" -- "$MLCD_VERSION"
git checkout --quiet --detach "refs/tags/$MLCD_TAG"
