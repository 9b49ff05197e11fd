venv trove
cp "$HERE/lab_trove.py" "$d/"
db trove
render trove.conf >"$d/trove.conf"
local manage=("$(bin trove trove-manage)" --config-file "$d/trove.conf")
once trove-db "${manage[@]}" db_sync
export PYTHONPATH=$d
start trove-taskmanager "$(bin trove trove-taskmanager)" --config-file "$d/trove.conf"
start trove-conductor "$(bin trove trove-conductor)" --config-file "$d/trove.conf"
# With more threads two requests at once wait for each other under eventlet.
WORKERS=1 THREADS=1 api trove 8779 trove.cmd.app_wsgi:application "--config-file $d/trove.conf"
register trove trove database "http://$IP:8779/v1.0/\$(project_id)s"
local image
image=$("$(bin rally python)" -c "import openstack; print(openstack.connect().image.find_image('cirros-0.6.3-x86_64-disk').id)")
once trove-datastore "${manage[@]}" datastore_update mysql ""
once trove-version "${manage[@]}" datastore_version_update mysql 8.0 mysql "$image" "" 1
once trove-default "${manage[@]}" datastore_update mysql 8.0
once trove-parameters "${manage[@]}" db_load_datastore_config_parameters mysql 8.0 \
    "$(echo "$VENVS"/trove/lib/python3.*/site-packages/trove/templates/mysql/validation-rules.json)"
unset PYTHONPATH
once trove-seed seed
