#!/bin/sh
# build.sh OUTPUT.c DEPFILE TARGET: bundles the user interface and makes a C file of it. Called by Meson.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
[ -d "$here/node_modules/esbuild" ] || {
	echo "The npm packages of the user interface are missing: run scripts/bootstrap build" >&2
	exit 1
}
node "$here/build.mjs" "$1.dist" "$2" "$3"
python3 "$here/embed.py" "$1.dist" "$1"
