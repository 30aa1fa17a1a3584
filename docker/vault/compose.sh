#!/bin/sh
# For docker-compose.yml, whose Vault forgets everything when it stops: sets it up with init.sh, stores the passwords of .env, and
# leaves the ids with which the application logs in as files in /login, readable to it alone.
set -eu

sh "$(dirname "$0")/init.sh"

# From standard input, so that the password is in no list of processes
printf %s "$CDC_PASSWORD" | vault kv put -mount=cdc postgres username=cdc password=-

umask 077
vault read -field=role_id auth/approle/role/scylla-pg-cdc/role-id >/login/role-id
vault write -f -field=secret_id auth/approle/role/scylla-pg-cdc/secret-id >/login/secret-id
# The user of docker/Dockerfile
chown -R 10001:10001 /login
