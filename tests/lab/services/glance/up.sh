venv glance
mkdir -p "$d"/{images,staging,tasks}
db glance
cp "$VENVS/glance/etc/glance/glance-api-paste.ini" "$d/"
render glance-api.conf >"$d/glance-api.conf"
once glance-db "$(bin glance glance-manage)" --config-file "$d/glance-api.conf" db_sync
# gunicorn, not uwsgi: glance under pyuwsgi fails on chunked uploads ("OSError: unable to receive
# chunked part"), which is how glanceclient sends them.
OS_GLANCE_CONFIG_DIR=$d start glance "$(bin glance gunicorn)" --bind $IP:9292 --workers 2 --threads 4 \
    --worker-class gthread --keep-alive 75 --timeout 300 --no-control-socket glance.wsgi.api:application
wait_for glance 180 http http://$IP:9292/
register glance glance image http://$IP:9292
once glance-seed seed
