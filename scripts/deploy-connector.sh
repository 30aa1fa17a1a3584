#!/bin/sh
# Replicates a table: scripts/deploy-connector.sh --table ks.t [--type source|sink|both] [--tasks N]
exec "$(dirname -- "$0")/../cdc" deploy "$@"
