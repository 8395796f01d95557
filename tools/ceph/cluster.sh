#!/usr/bin/env bash
# A Ceph cluster on this machine's loopback, for tests of stores in S3: three monitors, a manager, three storage daemons of 3 GiB sparse
# files each, two gateways on ports 7481 and 7482.
#
#   tools/ceph/cluster.sh install            installs Debian's packages (as root): 77 of them, 64 MB
#   tools/ceph/cluster.sh up FOLDER          makes and starts it: about half a minute, 1.3 GB of memory
#   tools/ceph/cluster.sh kill FOLDER NAME   sends SIGKILL to one: osd.0, client.rgw.1
#   tools/ceph/cluster.sh start FOLDER NAME  starts it again
#   tools/ceph/cluster.sh down FOLDER        ends all, by the numbers of their processes, and removes the folder
set -euo pipefail
action=${1:?install, up, kill, start or down}

if [ "$action" = install ]; then
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends ceph-mon ceph-osd ceph-mgr radosgw ceph-common
  exit
fi

mkdir -p "${2:?a folder}"
folder=$(cd "$2" && pwd)
cd "$folder"
export CEPH_CONF=$folder/ceph.conf

configure() {
  cat > ceph.conf <<C
[global]
fsid = $(cat /proc/sys/kernel/random/uuid)
mon initial members = a,b,c
mon host = [v2:127.0.0.1:3301],[v2:127.0.0.1:3302],[v2:127.0.0.1:3303]
auth cluster required = none
auth service required = none
auth client required = none
ms bind ipv6 = false
ms bind msgr1 = false
ms mon client mode = crc
ms client mode = crc
ms service mode = crc
ms cluster mode = crc
ms mon cluster mode = crc
ms mon service mode = crc
public addr = 127.0.0.1
public network = 127.0.0.0/8
cluster network = 127.0.0.0/8
osd pool default size = 3
osd pool default min size = 2
osd pool default pg num = 8
osd pool default pgp num = 8
osd pool default pg autoscale mode = off
osd crush chooseleaf type = 0
osd memory target = 939524096
osd heartbeat grace = 6
osd heartbeat interval = 2
bluestore block size = 3221225472
bluestore fsck on mount = false
mon max pg per osd = 1000
mon osd min down reporters = 1
log file = $folder/log/\$name.log
admin socket = $folder/run/\$name.asok
pid file = $folder/run/\$name.pid
run dir = $folder/run
[mon]
mon data = $folder/mon.\$id
[osd]
osd data = $folder/osd.\$id
[mgr]
mgr data = $folder/mgr.\$id
mgr initial modules =
C
}

start() {
  case $1 in
    osd.*) ceph-osd -i "${1#osd.}" > /dev/null ;;
    client.rgw.*)
      local number=${1##*.}
      radosgw -n "$1" --keyring "$folder/rgw.$number/keyring" --rgw-data "$folder/rgw.$number" \
        --rgw-frontends "beast endpoint=127.0.0.1:748$number" --log-file "$folder/log/$1.log" --pid-file "$folder/run/$1.pid"
      ;;
    *) echo "'$1' is none of osd.0 to 2, client.rgw.1 and 2" >&2; exit 2 ;;
  esac
}

# The process that a file names, if it is one of Ceph's still.
process_of() {
  local process
  process=$(cat "$1" 2> /dev/null) || return 1
  grep -qaE 'ceph|radosgw' "/proc/$process/comm" 2> /dev/null && echo "$process"
}

case $action in
  up)
    mkdir -p log run mgr.x
    configure
    monmaptool --create --fsid "$(sed -n 's/^fsid = //p' ceph.conf)" --addv a '[v2:127.0.0.1:3301]' --addv b '[v2:127.0.0.1:3302]' \
      --addv c '[v2:127.0.0.1:3303]' --clobber monmap > /dev/null
    for monitor in a b c; do
      mkdir -p "mon.$monitor"
      ceph-mon --mkfs -i "$monitor" --monmap monmap
      ceph-mon -i "$monitor"
    done
    sleep 3
    ceph-mgr -i x
    for osd in 0 1 2; do
      mkdir -p "osd.$osd"
      uuid=$(cat /proc/sys/kernel/random/uuid)
      timeout 60 ceph osd new "$uuid" > /dev/null
      ceph-osd -i "$osd" --mkfs --osd-uuid "$uuid" > /dev/null 2>&1
      timeout 60 ceph osd crush add "osd.$osd" 1 root=default host="h$osd" > /dev/null 2>&1
      start "osd.$osd"
    done
    sleep 5
    timeout 60 radosgw-admin user create --uid=test --display-name=test --access-key=lookalike --secret-key=lookalikesecret > /dev/null
    for gateway in 1 2; do
      mkdir -p "rgw.$gateway"
      timeout 60 ceph auth get-or-create "client.rgw.$gateway" mon 'allow *' osd 'allow *' mgr 'allow *' -o "rgw.$gateway/keyring"
      start "client.rgw.$gateway"
    done
    for port in 7481 7482; do
      for _ in $(seq 120); do
        if curl --noproxy '*' -s -o /dev/null "http://127.0.0.1:$port"; then break; fi
        sleep 0.5
      done
    done
    ;;
  kill) kill -KILL "$(process_of "run/${3:?a name}.pid")" ;;
  start) start "${3:?a name}" ;;
  down)
    for file in run/*.pid; do
      if process=$(process_of "$file"); then kill -TERM "$process"; fi
    done
    sleep 3
    for file in run/*.pid; do
      if process=$(process_of "$file"); then kill -KILL "$process"; fi
    done
    cd / && rm -rf "$folder"
    ;;
  *) echo "'$action' is none of install, up, kill, start, down" >&2; exit 2 ;;
esac
