# What scylla-pg-cdc may do in Vault: read the secrets that application.properties names, and nothing else. Renewing and
# looking up its own token is in Vault's policy "default". KV version 2 has the values under data/.

path "cdc/data/scylla" {
  capabilities = ["read"]
}

path "cdc/data/kafka" {
  capabilities = ["read"]
}

path "cdc/data/registry" {
  capabilities = ["read"]
}

path "cdc/data/postgres" {
  capabilities = ["read"]
}

path "cdc/data/management" {
  capabilities = ["read"]
}

# The passwords of trust and key stores, where there are any
path "cdc/data/stores" {
  capabilities = ["read"]
}
