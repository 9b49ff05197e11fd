venv swift
mkdir -p "$d"/{srv/d1,cache}
render swift.conf >"$d/swift.conf"
ring() {  # ring TYPE PORT: one device, one replica
    local build=("$(bin swift swift-ring-builder)" "$d/$1.builder")
    "${build[@]}" create 6 1 1 && "${build[@]}" add "r1z1-$IP:$2/d1" 1 && "${build[@]}" rebalance
}
local type port
for type in account:6202 container:6201 object:6200; do
    port=${type#*:} type=${type%:*}
    once "swift-$type" ring "$type" "$port"
    render server.conf >"$d/$type-server.conf"
    start "swift-$type" "$(bin swift "swift-$type-server")" "$d/$type-server.conf"
    wait_for "swift-$type" 60 http "http://$IP:$port/healthcheck"
done
render proxy-server.conf >"$d/proxy-server.conf"
start swift-proxy "$(bin swift swift-proxy-server)" "$d/proxy-server.conf"
wait_for swift-proxy 60 http http://$IP:8080/healthcheck
register swift swift object-store "http://$IP:8080/v1/AUTH_\$(project_id)s"
