store="$(git rev-parse --git-common-dir)/mlcd/store/sha256"
mkdir mlcd-results/store
test ! -d "$store" || cp -R "$store" mlcd-results/store/
