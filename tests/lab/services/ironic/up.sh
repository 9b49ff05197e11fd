venv ironic
mkdir -p "$d"/{http,images,tftp}
db ironic
render ironic.conf >"$d/ironic.conf"
once ironic-db "$(bin ironic ironic-dbsync)" --config-file "$d/ironic.conf" upgrade
start ironic-conductor "$(bin ironic ironic-conductor)" --config-file "$d/ironic.conf"
api ironic 6385 ironic.wsgi:application "--config-file $d/ironic.conf"
wait_for ironic-conductor 120 tcp 8089
register ironic ironic baremetal http://$IP:6385 --system
