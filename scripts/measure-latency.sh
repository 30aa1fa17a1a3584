#!/bin/sh
# How long a change takes from ScyllaDB to PostgreSQL: scripts/measure-latency.sh --table ks.t [--samples N] [--sla MS]
exec "$(dirname -- "$0")/../cdc" latency "$@"
