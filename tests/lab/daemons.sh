# What services/*/up.sh are written with; up.sh and down.sh read it.
LAB=${LAB:-${TMPDIR:-/tmp}/git-rally-lab}
WORK=$LAB/work RUN=$LAB/run LOGS=$LAB/logs VENVS=$LAB/venv
PYTHON=${PYTHON:-python3}
UV=$VENVS/rally/bin/uv
IP=127.0.0.1 PASSWORD=labsecret
DB_PORT=13306 MQ_PORT=5672 MC_PORT=11211 RD_PORT=16379
MQ=rabbit://guest:guest@$IP:$MQ_PORT/
MYSQL=(mariadb --no-defaults --socket="$WORK/base/mysql.sock" -uroot)
# An administrator, for every client that is started here.
export OS_AUTH_URL=http://$IP:5000/v3 OS_IDENTITY_API_VERSION=3 OS_REGION_NAME=RegionOne \
    OS_USERNAME=admin OS_PASSWORD=$PASSWORD OS_PROJECT_NAME=admin \
    OS_USER_DOMAIN_NAME=Default OS_PROJECT_DOMAIN_NAME=Default
export UV_SYSTEM_CERTS=1 PYTHONWARNINGS=ignore LC_ALL=C.UTF-8 PYTHONUNBUFFERED=1
mkdir -p "$WORK" "$RUN" "$LOGS" "$VENVS"

say() { printf '%s %s\n' "$(date +%H:%M:%S)" "$*"; }
die() { say "error: $*" >&2; exit 1; }

# once STAMP COMMAND...: unless it has succeeded before
once() {
    local stamp=$WORK/.done-$1; shift
    [ -e "$stamp" ] && return 0
    "$@" >>"$LOGS/setup.log" 2>&1 || { tail -5 "$LOGS/setup.log" >&2; die "failed: $*"; }
    touch "$stamp"
}

# ---- Files and packages

# venv SERVICE: a virtual environment with what its versions.txt names
venv() {
    local v=$VENVS/$1 log=$LOGS/install-$1.log
    [ -e "$v/.complete" ] && return 0
    [ -x "$v/bin/python" ] || "$UV" venv -q -p "$PYTHON" "$v"
    "$UV" pip install -q -p "$v" -r "$HERE/versions.txt" >"$log" 2>&1 || die "cannot install $1; see $log"
    touch "$v/.complete"
}
bin() { echo "$VENVS/$1/bin/$2"; }

# render FILE: a file of the service's folder, with its $VARIABLES and $(functions)
render() { eval "cat <<END_OF_FILE
$(<"$HERE/$1")
END_OF_FILE"; }

# account USER: how a service signs in, the lines of a section
account() {
    cat <<INI
auth_type = password
auth_url = http://$IP:5000/v3
username = $1
password = $PASSWORD
user_domain_name = Default
project_name = service
project_domain_name = Default
region_name = RegionOne
INI
}
# credentials USER SECTION...: the same in sections of its own
credentials() {
    local user=$1 section; shift
    for section; do printf '[%s]\n' "$section"; account "$user"; done
}
# authtoken USER: how a service asks keystone about the tokens that it gets
authtoken() {
    credentials "$1" keystone_authtoken
    cat <<INI
www_authenticate_uri = http://$IP:5000/v3
memcached_servers = $IP:$MC_PORT
service_token_roles_required = true
service_token_roles = service
INI
}

# oslo SERVICE: messaging and locks
oslo() {
    cat <<INI
[oslo_messaging_notifications]
driver = noop
[oslo_concurrency]
lock_path = $WORK/$1/lock
[oslo_messaging_rabbit]
rabbit_qos_prefetch_count = 10
heartbeat_in_pthread = ${HEARTBEAT_IN_PTHREAD:-true}
INI
}

# ---- Databases and the cloud

# db NAME: a database and its account
db() {
    "${MYSQL[@]}" -e "CREATE DATABASE IF NOT EXISTS $1 CHARACTER SET utf8mb3;
        CREATE USER IF NOT EXISTS '$1'@'$IP' IDENTIFIED BY '$PASSWORD'; GRANT ALL ON $1.* TO '$1'@'$IP';"
}
dburl() { echo "mysql+pymysql://$1:$PASSWORD@$IP:$DB_PORT/$1?charset=utf8mb3"; }

# register USER NAME TYPE URL [--system]: an account and the endpoints. Once the API answers, not
# before: Rally's users context talks to every network endpoint of the catalogue.
register() { "$(bin rally python)" "$TOP/register.py" "$@"; }

# seed: what the service's seed.py makes
seed() { "$(bin rally python)" "$HERE/seed.py"; }

# ready PROXY NUMBER: at least so many of a service's daemons say that they are up
ready() {
    "$(bin rally python)" -c "import openstack, sys
up = [s for s in openstack.connect().$1.services() if s.state == 'up']
sys.exit(len(up) < $2)"
}

# ---- Daemons

# A pid file holds PID and start time: a pid that is used again is not taken for the daemon.
started() { sed 's/.*) //' "/proc/$1/stat" 2>/dev/null | cut -d' ' -f20; }
alive() {
    local time
    read -r pid time 2>/dev/null <"$RUN/$1.pid" || return 1
    [ -n "$time" ] && [ "$(started "$pid")" = "$time" ]
}

# start NAME COMMAND...: a daemon in its own session, with a log and a pid file
start() {
    local name=$1 pid; shift
    alive "$name" && return 0
    HOME=${DAEMON_HOME:-$WORK} setsid "$@" >>"$LOGS/$name.log" 2>&1 </dev/null &
    echo "$! $(started $!)" >"$RUN/$name.pid"
}

# wait_for NAME SECONDS COMMAND...: until it succeeds
wait_for() {
    local name=$1 end=$((SECONDS + $2)) pid; shift 2
    while ! "$@" >/dev/null 2>&1; do
        alive "$name" || { tail -5 "$LOGS/$name.log" >&2; die "$name has ended; see $LOGS/$name.log"; }
        [ $SECONDS -lt $end ] || { tail -5 "$LOGS/$name.log" >&2; die "$name does not answer; see $LOGS/$name.log"; }
        sleep 0.5
    done
}
tcp() { (exec 3<>"/dev/tcp/$IP/$1") 2>/dev/null; }
# http URL: any answer below 500
http() {
    local code
    code=$(curl -s -o /dev/null -m 5 -w '%{http_code}' "$1") && [ "$code" -lt 500 ]
}

# api NAME PORT MODULE:APPLICATION [ARGUMENTS]: a WSGI API under uwsgi
api() {
    local name=$1 port=$2 module=$3 arguments=${4:-}
    cat >"$WORK/$name/uwsgi.ini" <<INI
[uwsgi]
http-socket = $IP:$port
module = ${module%%:*}
callable = ${module##*:}
${arguments:+pyargv = $arguments}
virtualenv = $VENVS/$name
master = true
processes = ${WORKERS:-2}
threads = ${THREADS:-4}
enable-threads = true
lazy-apps = true
need-app = true
die-on-term = true
hook-master-start = unix_signal:15 gracefully_kill_them_all
worker-reload-mercy = 5
buffer-size = 65535
add-header = Connection: close
http-chunked-input = true
so-keepalive = true
listen = 100
log-5xx = true
log-4xx = true
INI
    start "$name" "$(bin "$name" pyuwsgi)" --ini "$WORK/$name/uwsgi.ini"
    wait_for "$name" 180 http "http://$IP:$port/"
}
