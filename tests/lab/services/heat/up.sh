venv heat
db heat
once heat-seed seed
render heat.conf >"$d/heat.conf"
once heat-db "$(bin heat heat-manage)" --config-file "$d/heat.conf" db_sync
start heat-engine "$(bin heat heat-engine)" --config-file "$d/heat.conf"
# The API reads ~/heat.conf.
DAEMON_HOME=$d api heat 8004 heat.wsgi.api:application
register heat heat orchestration "http://$IP:8004/v1/\$(project_id)s"
wait_for heat-engine 120 "$(bin rally python)" -c "import openstack; list(openstack.connect().orchestration.stacks())"
