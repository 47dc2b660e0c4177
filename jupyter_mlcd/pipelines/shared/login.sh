home="$(mktemp -d)"
git config --file "$home/.gitconfig" include.path "$HOME/.gitconfig"
git config --file "$home/.gitconfig" credential.helper '!f() { echo "username=$MLCD_GIT_USER"; echo "password=$MLCD_GIT_PASSWORD"; }; f'
export HOME="$home"
