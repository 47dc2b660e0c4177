set -eu
@cd@
rm -rf delivered
gh release download "$MLCD_TAG" --dir delivered
@folders@
jupyter mlcd evidence verify --for "$MLCD_ENVIRONMENT" --products delivered -- "$MLCD_VERSION"
