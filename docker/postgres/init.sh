#!/bin/sh
# For docker-compose.yml; PostgreSQL's image runs it once, in an empty volume: the role and schemas of grants.sql, a right more
# so that tables of other keyspaces can be tried, and a database for the schema registry.
set -eu

run() {
  psql -v ON_ERROR_STOP=1 -q -U "$POSTGRES_USER" -d "$POSTGRES_DB" "$@"
}

run -f /grants/grants.sql
# The passwords come by \getenv, so that they are in no list of processes
run <<'SQL'
\getenv cdc_password CDC_PASSWORD
\getenv registry_password REGISTRY_PASSWORD
ALTER ROLE cdc PASSWORD :'cdc_password';
SELECT format('GRANT CREATE ON DATABASE %I TO cdc', current_database()) \gexec
CREATE ROLE registry LOGIN PASSWORD :'registry_password';
CREATE DATABASE registry OWNER registry;
SQL
