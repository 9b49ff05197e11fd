venv nova
mkdir -p "$d"/{instances,lock}
local name
for name in nova_api nova_cell0 nova_cell1; do db $name; done
register nova nova compute http://$IP:8774/v2.1
cp "$VENVS/nova/etc/nova/api-paste.ini" "$d/"
render nova.conf >"$d/nova.conf"
# nova-compute must not see the databases.
sed '/^\[api_database\]/,/^\[wsgi\]/{/^\[wsgi\]/!d}' "$d/nova.conf" >"$d/nova-compute.conf"
# Drivers are looked for in nova.virt only.
cp "$HERE/lab_nova.py" "$VENVS"/nova/lib/python3.*/site-packages/nova/virt/
local manage=("$(bin nova nova-manage)" --config-file "$d/nova.conf")
once nova-api-db "${manage[@]}" api_db sync
once nova-cell0 "${manage[@]}" cell_v2 map_cell0 --database_connection "$(dburl nova_cell0)"
once nova-cell1 "${manage[@]}" cell_v2 create_cell --name cell1
once nova-db "${manage[@]}" db sync
start nova-conductor "$(bin nova nova-conductor)" --config-file "$d/nova.conf"
start nova-scheduler "$(bin nova nova-scheduler)" --config-file "$d/nova.conf"
start nova-compute "$(bin nova nova-compute)" --config-file "$d/nova-compute.conf"
OS_NOVA_CONFIG_DIR=$d OS_NOVA_CONFIG_FILES="api-paste.ini;nova.conf" api nova 8774 nova.wsgi.osapi_compute:application
wait_for nova-compute 120 ready compute 3
once nova-hosts "${manage[@]}" cell_v2 discover_hosts
once nova-seed seed
