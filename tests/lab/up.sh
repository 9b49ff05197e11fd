#!/bin/bash
# Brings up a small real OpenStack on loopback: up.sh [SERVICE...], by default all.
# A daemon that runs is left alone, a step that is done is not done again. README.md says more.
set -euo pipefail
cd "$(dirname "$0")"
TOP=$PWD
. ./daemons.sh

ALL="keystone glance swift zaqar ironic placement neutron cinder nova heat trove"
[ "$(id -u)" = 0 ] || die "root is needed, for apt and MariaDB; use a machine that you can throw away"

up() {  # up SERVICE: runs services/SERVICE/up.sh
    local HERE=$TOP/services/$1 d=$WORK/$1 start=$SECONDS
    [ -e "$HERE/up.sh" ] || die "no such service: $1; there are: $ALL"
    mkdir -p "$d"
    . "$HERE/up.sh"
    say "$1 is up ($((SECONDS - start)) s)"
}

for service in base ${*:-$ALL}; do up "$service"; done
