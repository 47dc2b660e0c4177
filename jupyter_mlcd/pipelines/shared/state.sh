set -eu
printf 'Authorization: Bearer %s' "$GH_TOKEN" | curl --fail --silent --show-error --retry 3 --output /dev/null \
  --header @- --header 'Accept: application/vnd.github+json' --header 'Content-Type: application/json' \
  --data "{\"state\": \"$MLCD_STATE\", \"log_url\": \"$GITHUB_SERVER_URL/$GITHUB_REPOSITORY/actions/runs/$GITHUB_RUN_ID\"}" \
  "$GITHUB_API_URL/repos/$GITHUB_REPOSITORY/deployments/$MLCD_DEPLOYMENT/statuses"
