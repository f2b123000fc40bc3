#!/bin/sh
# Makes the image's package known to n8n, then becomes the given command.
#
# n8n looks for community packages in its data folder only, and the volume that is mounted there hides whatever an image
# has in it. A link in the volume leads out of it, so that the image decides the version, also after an upgrade or a
# roll-back. (A folder for custom extensions would do without the link, but n8n calls the nodes in it CUSTOM.cynetTrigger:
# workflows could not move between this image and an installation from the panel.)
set -eu

package="$(dirname "$(readlink -f "$0")")/package"
installed="${N8N_USER_FOLDER:-$HOME}/.n8n/nodes/node_modules"
link="$installed/n8n-nodes-cynet"

if [ -e "$link" ] && [ ! -L "$link" ]; then
	echo "n8n-nodes-cynet was installed in n8n itself, and that copy is used, not the image's. To use the image's, uninstall it under Settings > Community nodes and start this container again." >&2
elif [ "$(readlink "$link")" != "$package" ]; then
	mkdir -p "$installed"
	ln -sfn "$package" "$link"
fi

exec "$@"
