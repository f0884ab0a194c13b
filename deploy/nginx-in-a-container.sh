#!/bin/sh
# Writes nginx.conf and nginx-one.conf of this folder into the folder $1, for a container: the host is $SCHOOL_HOST, the
# dashboard is at $DASHBOARD, and what is logged goes to the container's log.
set -eu
here=$(dirname "$0")
sed -e "s/server_name classroom\.school\.example;/server_name $SCHOOL_HOST;/" \
    -e 's#/var/log/nginx/classroom\.log#/dev/stdout#' \
    -e 's#/var/log/nginx/classroom-error\.log#/dev/stderr#' \
    "$here/nginx.conf" >"$1/classroom.conf"
sed -e "s/127\.0\.0\.1:8501/$DASHBOARD/" "$here/nginx-one.conf" >"$1/classroom-one.conf"
# The image's own answers to port 8080.
rm -f "$1/default.conf"
