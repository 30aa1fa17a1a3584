#!/bin/sh
# The command line of scylla-pg-cdc. Builds the program when it is missing or older than its sources, then runs it.
# ./cdc dev starts everything; ./cdc help lists the commands.
set -u

# The checkout: where this file is, symbolic links followed
self=$0
while [ -h "$self" ]; do
  link=$(readlink "$self")
  case $link in
    /*) self=$link ;;
    *) self=$(dirname "$self")/$link ;;
  esac
done
home=$(CDPATH= cd -- "$(dirname -- "$self")" && pwd -P) || exit 1

if [ -n "${JAVA_HOME:-}" ]; then
  java=$JAVA_HOME/bin/java
else
  java=$(command -v java || true)
fi
if [ -n "${JAVA_HOME:-}" ] && [ ! -x "$java" ]; then
  echo "cdc: JAVA_HOME=$JAVA_HOME has no bin/java: set it to a JDK 17 or later" >&2
  exit 1
fi
if [ -z "$java" ]; then
  echo "cdc: no Java found: install a JDK 17 or later, or set JAVA_HOME to one" >&2
  exit 1
fi
# The version is in the JDK's own file "release"; asking the program costs a start
release=$(dirname -- "$(dirname -- "$(readlink -f "$java" 2>/dev/null || echo "$java")")")/release
version=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$release" 2>/dev/null)
if [ -z "$version" ]; then
  version=$("$java" -version 2>&1 | sed -n 's/.*version "\([0-9]*\).*/\1/p' | head -n 1)
fi
if [ "${version:-0}" -lt 17 ]; then
  echo "cdc: $java is Java ${version:-of an unknown version}: JDK 17 or later is needed, set JAVA_HOME to one" >&2
  exit 1
fi

jar=$home/target/scylla-pg-cdc.jar
devjar=$home/target/scylla-pg-cdc-dev.jar

outdated() {
  [ ! -f "$jar" ] || [ ! -f "$devjar" ] || [ ! -d "$home/target/lib" ] || [ ! -d "$home/target/lib-dev" ] && return 0
  [ -n "$(find "$home/pom.xml" "$home/src/main" -newer "$jar" -type f 2>/dev/null | head -n 1)" ]
}

# A release without sources has nothing to build
if [ -f "$home/pom.xml" ] && outdated; then
  mkdir -p "$home/target"
  log=$home/target/build.log
  echo "cdc: building (the first time fetches libraries; details in $log)" >&2
  start=$(date +%s)
  (cd "$home" && exec ./mvnw -q -B -Pquick package -Dmaven.test.skip=true) >"$log" 2>&1 &
  build=$!
  trap 'kill $build 2>/dev/null; exit 130' INT TERM
  while kill -0 "$build" 2>/dev/null; do
    [ -t 2 ] && printf '\rcdc: building, %s s ' "$(($(date +%s) - start))" >&2
    sleep 1
  done
  wait "$build"
  code=$?
  trap - INT TERM
  [ -t 2 ] && printf '\r' >&2
  if [ "$code" -ne 0 ]; then
    echo "cdc: the build failed:" >&2
    grep -E '^\[ERROR\]' "$log" | head -n 12 >&2 || tail -n 12 "$log" >&2
    echo "cdc: all of it is in $log" >&2
    exit 1
  fi
  # Maven leaves an archive alone whose content did not change
  touch "$jar" "$devjar"
  echo "cdc: built in $(($(date +%s) - start)) s" >&2
fi

terminal=false
[ -t 0 ] && terminal=true
errors=false
[ -t 2 ] && errors=true

# The jar's manifest brings the libraries in lib/, in an order that matters. Short-lived commands start fast; exec, so that a signal reaches the program itself
exec "$java" -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xshare:auto ${CDC_JAVA_OPTS:-} "-Dcdc.home=$home" -Dcdc.terminal=$terminal -Dcdc.terminal.errors=$errors \
  -cp "$jar:$devjar:$home/target/lib-dev/*" io.github.scyllapgcdc.cli.Cdc "$@"
