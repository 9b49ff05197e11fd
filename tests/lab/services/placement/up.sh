venv placement
db placement
render placement.conf >"$d/placement.conf"
once placement-db "$(bin placement placement-manage)" --config-file "$d/placement.conf" db sync
OS_PLACEMENT_CONFIG_DIR=$d api placement 8778 placement.wsgi.api:application
register placement placement placement http://$IP:8778
