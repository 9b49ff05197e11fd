# What all services stand on: Rally, MariaDB, RabbitMQ and memcached.
if [ ! -x "$(bin rally rally)" ]; then
    "$PYTHON" -m venv "$VENVS/rally"
    "$(bin rally pip)" install -q uv >"$LOGS/install-rally.log" 2>&1
    "$UV" pip install -q -p "$VENVS/rally" -r "$HERE/versions.txt" >>"$LOGS/install-rally.log" 2>&1 ||
        die "cannot install Rally; see $LOGS/install-rally.log"
fi
local missing=() package
for package in $(<"$HERE/debian.txt"); do
    dpkg -s "$package" >/dev/null 2>&1 || missing+=("$package")
done
if [ ${#missing[@]} -gt 0 ]; then
    say "apt installs ${missing[*]}"
    # Debian starts no daemon here: they are started below, on other paths.
    [ -e /usr/sbin/policy-rc.d ] || { printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d; chmod +x /usr/sbin/policy-rc.d; }
    apt-get update -qq >"$LOGS/apt.log" 2>&1
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >>"$LOGS/apt.log" 2>&1 ||
        die "apt fails; see $LOGS/apt.log"
fi

mkdir -p "$d"/rabbit/{mnesia,log}
chown mysql "$d"
once mysql mariadb-install-db --no-defaults --user=mysql --datadir="$d/mysql" \
    --auth-root-authentication-method=normal --skip-test-db
start mysql mariadbd --no-defaults --user=mysql --datadir="$d/mysql" --socket="$d/mysql.sock" \
    --pid-file="$d/mysql.pid" --bind-address=$IP --port=$DB_PORT --max-connections=1000 \
    --innodb-flush-log-at-trx-commit=0 --skip-name-resolve --innodb-buffer-pool-size=256M
start memcached memcached -u nobody -l $IP -p $MC_PORT -m 128
start epmd epmd -address $IP
DAEMON_HOME=$d/rabbit start rabbit env RABBITMQ_NODENAME=lab@localhost RABBITMQ_NODE_IP_ADDRESS=$IP \
    RABBITMQ_NODE_PORT=$MQ_PORT RABBITMQ_MNESIA_BASE="$d/rabbit/mnesia" RABBITMQ_LOG_BASE="$d/rabbit/log" \
    RABBITMQ_PID_FILE="$d/rabbit/pid" RABBITMQ_ENABLED_PLUGINS_FILE="$d/rabbit/plugins" ERL_EPMD_ADDRESS=$IP \
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS="-kernel inet_dist_use_interface {127,0,0,1}" \
    /usr/lib/rabbitmq/bin/rabbitmq-server
wait_for mysql 60 "${MYSQL[@]}" -e 'select 1'
wait_for memcached 20 tcp $MC_PORT
wait_for rabbit 90 tcp $MQ_PORT

render rally.conf >"$d/rally.conf"
render environment.json >"$d/environment.json"
once rally-database "$(bin rally rally)" --config-file "$d/rally.conf" db ensure
once rally-environment "$(bin rally rally)" --config-file "$d/rally.conf" env create --name lab --spec "$d/environment.json" --no-use
