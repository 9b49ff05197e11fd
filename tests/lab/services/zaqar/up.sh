venv zaqar
start redis redis-server --bind $IP --port $RD_PORT --save "" --appendonly no --set-proc-title no --dir "$d"
wait_for redis 20 tcp $RD_PORT
db zaqar
render zaqar.conf >"$d/zaqar.conf"
once zaqar-db "$(bin zaqar zaqar-sql-db-manage)" --config-file "$d/zaqar.conf" upgrade head
# The API reads ~/zaqar.conf.
DAEMON_HOME=$d api zaqar 8888 zaqar.transport.wsgi.app:application
register zaqar zaqar messaging http://$IP:8888
