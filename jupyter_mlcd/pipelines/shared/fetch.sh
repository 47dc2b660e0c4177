set -eu
@login@
git fetch --quiet --tags origin '+refs/heads/*:refs/remotes/origin/*'
