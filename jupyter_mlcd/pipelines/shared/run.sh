set -eu
@identity@
git branch --no-track mlcd/evidence refs/remotes/origin/mlcd/evidence 2>/dev/null || true
@cd@
rm -rf mlcd-results
mkdir mlcd-results
red=0
for suite in @suites@; do
  jupyter mlcd run "$suite" --keep --junit "mlcd-results/$suite.xml" || red=1
done
test "$red" = 1 || jupyter mlcd score-live --if-needed || red=1
@if-shared-carry@
git bundle create --quiet mlcd-results/evidence.bundle mlcd/evidence --not --remotes=origin || true
exit "$red"
