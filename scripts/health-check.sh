#!/bin/sh
# Whether every server and route is well: scripts/health-check.sh [--wait[=SECONDS]] [--json]. Exit code 0 when all is.
exec "$(dirname -- "$0")/../cdc" health "$@"
