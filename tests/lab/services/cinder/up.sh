venv cinder
mkdir -p "$d"/{volumes,backups,conversion,lock}
cp "$HERE/lab_cinder.py" "$d/"
db cinder
register cinder cinderv3 volumev3 "http://$IP:8776/v3/\$(project_id)s"
register cinder cinder block-storage "http://$IP:8776/v3/\$(project_id)s"
cp "$VENVS"/cinder/etc/cinder/{api-paste.ini,resource_filters.json} "$d/"
render cinder.conf >"$d/cinder.conf"
once cinder-db "$(bin cinder cinder-manage)" --config-file "$d/cinder.conf" db sync
export PYTHONPATH=$d LAB_VOLUMES=$d/volumes HEARTBEAT_IN_PTHREAD=false
start cinder-scheduler "$(bin cinder cinder-scheduler)" --config-file "$d/cinder.conf"
start cinder-volume "$(bin cinder cinder-volume)" --config-file "$d/cinder.conf"
start cinder-backup "$(bin cinder cinder-backup)" --config-file "$d/cinder.conf"
api cinder 8776 cinder.wsgi.api:application "--config-file $d/cinder.conf"
unset PYTHONPATH LAB_VOLUMES
wait_for cinder-volume 120 ready block_storage 3
once cinder-seed seed
