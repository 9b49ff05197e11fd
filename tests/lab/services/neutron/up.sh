venv neutron
mkdir -p "$d/driver"
cp "$HERE/lab_ml2.py" "$HERE/pyproject.toml" "$d/driver/"
once neutron-driver "$UV" pip install -q -p "$VENVS/neutron" "$d/driver"
db neutron
render neutron.conf >"$d/neutron.conf"
once neutron-db "$(bin neutron neutron-db-manage)" --config-file "$d/neutron.conf" upgrade heads
# Nobody reads the messages to agents: there are none.
OS_NEUTRON_CONFIG_FILES=$d/neutron.conf api neutron 9696 neutron.wsgi.api:application
register neutron neutron network http://$IP:9696
once neutron-seed seed
