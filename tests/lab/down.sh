#!/bin/bash
# Stops what up.sh started, by its pid files: down.sh [--purge] [NAME...]
# --purge drops data and configuration, too; the virtual environments stay.
set -u
cd "$(dirname "$0")"
. ./daemons.sh
purge=0; [ "${1:-}" = --purge ] && { purge=1; shift; }

stop() {  # stop NAME...: all at once; what is left of their sessions after 10 s is killed
    local name pid
    declare -A session=()
    for name; do alive "$name" && kill -TERM "$pid" && session[$name]=$pid; done
    for name; do
        for _ in $(seq 40); do alive "$name" || break; sleep 0.25; done
        [ -n "${session[$name]:-}" ] && { kill -KILL -- "-${session[$name]}" 2>/dev/null; say "stopped $name"; }
        rm -f "$RUN/$name.pid"
    done
}

front=() back=()
for name in ${*:-$(ls -t "$RUN" | sed -n 's/\.pid$//p')}; do
    case $name in mysql|rabbit|epmd|memcached|redis) back+=("$name") ;; *) front+=("$name") ;; esac
done
# Databases and the message bus go last.
stop ${front[@]+"${front[@]}"}
stop ${back[@]+"${back[@]}"}
[ $purge = 0 ] || rm -rf "$WORK" "$RUN"
