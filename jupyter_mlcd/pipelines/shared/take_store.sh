store="$(git rev-parse --git-common-dir)/mlcd/store"
mkdir -p "$store"
test ! -d mlcd-results/store || cp -Rf mlcd-results/store/. "$store/"
