#!/bin/sh
# Writes .env for docker-compose.yml: .env.example, with a random password for each variable that is empty there.
set -eu
cd "$(dirname -- "$0")/.."
if [ -e .env ]; then
  echo "make-env: .env is there already; remove it first if its passwords may go (servers keep theirs in their volumes)" >&2
  exit 1
fi
umask 077
while IFS= read -r line; do
  case $line in
    [A-Z]*=) line=$line$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n') ;;
  esac
  printf '%s\n' "$line"
done <.env.example >.env
echo "make-env: wrote .env"
