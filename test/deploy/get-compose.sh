#!/bin/sh
# Puts Docker Compose 2 where Docker looks for it under $DOCKER_CONFIG. Debian 12 has the first one alone, so that it is
# taken from Debian 13, without anything of that being installed.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
mkdir -p lists/partial cache/archives/partial
cat >debian.sources <<-END
	Types: deb
	URIs: $(sed -n 's/^URIs: *//p' /etc/apt/sources.list.d/debian.sources 2>/dev/null | head -n 1 | grep . || echo http://deb.debian.org/debian)
	Suites: trixie
	Components: main
	Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
END
apt() {
	apt-get -qq -o APT::Sandbox::User=root -o Dir::Etc::sourcelist="$folder/debian.sources" -o Dir::Etc::sourceparts=/dev/null \
		-o Dir::State::lists="$folder/lists" -o Dir::Cache="$folder/cache" "$@"
}
apt update
apt download docker-compose
dpkg --extract docker-compose_*.deb unpacked
mkdir -p "$DOCKER_CONFIG/cli-plugins"
mv unpacked/usr/libexec/docker/cli-plugins/docker-compose "$DOCKER_CONFIG/cli-plugins/"
