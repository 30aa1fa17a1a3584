#!/bin/sh
# Sets Vault up for scylla-pg-cdc: the engine cdc (KV version 2), the policy, an AppRole and example secrets. May be run
# again: what is there stays, secrets that exist are not touched. Needs the vault program, VAULT_ADDR and a VAULT_TOKEN that
# may do all this. Afterwards:
#   vault read auth/approle/role/scylla-pg-cdc/role-id
#   vault write -f auth/approle/role/scylla-pg-cdc/secret-id
set -eu

here=$(cd "$(dirname "$0")" && pwd)

vault secrets list | grep -q '^cdc/' || vault secrets enable -path=cdc -version=2 kv
vault auth list | grep -q '^approle/' || vault auth enable approle
vault policy write scylla-pg-cdc "$here/scylla-pg-cdc.hcl"

# A token lives for an hour and is renewed for up to a day; then the application logs in again.
vault write auth/approle/role/scylla-pg-cdc token_policies=scylla-pg-cdc token_ttl=1h token_max_ttl=24h

example() {
  vault kv get -mount=cdc "$1" >/dev/null 2>&1 || vault kv put -mount=cdc "$1" username="$2" password=change-me
}

example scylla cdc
example kafka cdc
example registry cdc
example postgres cdc
# the HTTP interface; api.token needs the field token besides: vault kv patch -mount=cdc management token=…
example management cdc
# trust and key stores, which have passwords and no users
example stores cdc
