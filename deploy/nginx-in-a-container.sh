#!/bin/sh
# Makes of the image's nginx.conf $1 and of nginx.conf and nginx-one.conf of this folder a configuration in the folder $2,
# which begins at $2/nginx.conf: the host is $SCHOOL_HOST, the dashboard is at $DASHBOARD, and what is logged goes to the
# container's log. Nothing of the image is written over, as its own folders cannot be: an empty one that is mounted there
# belongs to root, with the rights of the folder below it, whatever mode is asked for (moby issue 39466).
set -eu
here=$(dirname "$0")
mkdir -p "$2/conf.d"
sed -e "s/server_name classroom\.school\.example;/server_name $SCHOOL_HOST;/" \
    -e 's#/var/log/nginx/classroom\.log#/dev/stdout#' \
    -e 's#/var/log/nginx/classroom-error\.log#/dev/stderr#' \
    "$here/nginx.conf" >"$2/conf.d/classroom.conf"
sed -e "s/127\.0\.0\.1:8501/$DASHBOARD/" "$here/nginx-one.conf" >"$2/conf.d/classroom-one.conf"
# In place of the image's own folder, whose answers to port 8080 are left out with it.
sed -e "s#/etc/nginx/conf\.d/#$2/conf.d/#" "$1" >"$2/nginx.conf"
grep -q "$2/conf.d/" "$2/nginx.conf" || { echo "$1 includes no /etc/nginx/conf.d/" >&2; exit 1; }
