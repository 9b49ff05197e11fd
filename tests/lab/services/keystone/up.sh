venv keystone
mkdir -p "$d"/fernet "$d"/credential
render keystone.conf >"$d/keystone.conf"
local manage=("$(bin keystone keystone-manage)" --config-file "$d/keystone.conf")
db keystone
once keystone-db "${manage[@]}" db_sync
once keystone-fernet "${manage[@]}" fernet_setup --keystone-user root --keystone-group root
once keystone-credential "${manage[@]}" credential_setup --keystone-user root --keystone-group root
once keystone-bootstrap "${manage[@]}" bootstrap --bootstrap-password $PASSWORD --bootstrap-region-id RegionOne \
    --bootstrap-public-url http://$IP:5000/v3 --bootstrap-internal-url http://$IP:5000/v3 \
    --bootstrap-admin-url http://$IP:5000/v3
# Two threads of a process may see each other's scope: "request was made with domain scope", a 403 for heat's trust.
WORKERS=4 THREADS=1 OS_KEYSTONE_CONFIG_FILES=$d/keystone.conf api keystone 5000 keystone.wsgi.api:application
