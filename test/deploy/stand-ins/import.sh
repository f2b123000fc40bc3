#!/bin/sh
# Makes two images in the Docker engine that the environment names: Debian, and on it a stand-in for n8n's own image, of an
# n8n that is installed below .hosts. Debian is this machine's release, for which n8n's database module was compiled.
# Usage: import.sh <folder of n8n> <its Node> <tag of Debian> <tag of n8n> <label of both>
set -eu
installed=$(readlink -f "$1")
node=$2
debian=$3
n8n=$4
label=$5
here=$(dirname "$(readlink -f "$0")")
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT

debootstrap --variant=minbase --include=ca-certificates,tini "$(. /etc/os-release && echo "$VERSION_CODENAME")" "$root"
rm -rf "$root"/var/cache/apt/archives/*.deb
# What the builds in the images trust is what this machine trusts.
cp --dereference /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/"
tar -C "$root" -c . | docker import --change "LABEL made-of=$label" - "$debian"

chroot "$root" useradd --create-home --uid 1000 node
mkdir -p "$root/home/node/.n8n" "$root/usr/local/lib/node_modules"
chroot "$root" chown node:node /home/node/.n8n
cp -R --dereference "$(npm root --global)/npm" "$root/usr/local/lib/node_modules/"
cp "$node" "$root/usr/local/bin/node"
ln -s ../lib/node_modules/npm/bin/npm-cli.js "$root/usr/local/bin/npm"
ln -s ../lib/n8n/node_modules/n8n/bin/n8n "$root/usr/local/bin/n8n"
cp "$here/docker-entrypoint.sh" "$root/docker-entrypoint.sh"
# n8n is not copied first: it is 3 GB.
tar -c -C "$root" . -C "$installed" --transform='s,^node_modules,usr/local/lib/n8n/node_modules,S' node_modules |
	docker import --change "LABEL made-of=$label" --change 'USER node' --change 'WORKDIR /home/node' --change 'EXPOSE 5678' \
		--change 'ENV NODE_ENV=production NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt PATH=/usr/local/bin:/usr/bin:/bin' \
		--change 'ENTRYPOINT ["tini", "--", "/docker-entrypoint.sh"]' - "$n8n"
