#!/bin/sh
# Prints the path of a Chromium for the journeys. Where none is, root installs Debian's with fonts for Chinese;
# anybody else is told what to do. It never leaves the journeys out silently.
set -eu

find_chromium() {
	for name in "${CHROMIUM:-}" chromium chromium-browser google-chrome; do
		[ -n "$name" ] && command -v "$name" && return
	done
	return 1
}

has_chinese() {
	command -v fc-list >/dev/null && [ -n "$(fc-list :lang=zh-cn family)" ]
}

if ! find_chromium >/dev/null || ! has_chinese; then
	if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
		echo "The journeys through the web app need Chromium and fonts for Chinese. Install both, e.g. on Debian" >&2
		echo "  apt-get install chromium fonts-noto-cjk fontconfig" >&2
		echo "and name the program in CHROMIUM when it is not on the path." >&2
		exit 1
	fi
	{
		apt-get update
		DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends chromium fonts-noto-cjk fontconfig
	} >&2
fi
find_chromium
