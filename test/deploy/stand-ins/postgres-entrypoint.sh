#!/bin/sh
# Makes the database when the volume is new, then becomes PostgreSQL; as the user postgres.
set -eu
if [ "$(id -u)" = 0 ]; then
	chown postgres:postgres "$PGDATA"
	exec setpriv --reuid=postgres --regid=postgres --init-groups "$0"
fi
if [ ! -s "$PGDATA/PG_VERSION" ]; then
	password=$(mktemp)
	printf '%s\n' "$POSTGRES_PASSWORD" >"$password"
	initdb --username="$POSTGRES_USER" --pwfile="$password" --auth-local=trust --auth-host=scram-sha-256 --encoding=UTF8 --locale=C.UTF-8
	rm "$password"
	echo 'host all all all scram-sha-256' >>"$PGDATA/pg_hba.conf"
	pg_ctl --wait --options='-c listen_addresses=' start
	createdb --username="$POSTGRES_USER" "$POSTGRES_DB"
	pg_ctl --wait stop
fi
exec postgres -c listen_addresses='*'
