# The steps that ./run is made of. Sourced with $top set; every long step shows its name, its time, and on
# failure the end of its log and where the rest stands.
state=$top/.pratique
logs=$state/log
mkdir -p "$logs"

die() { printf 'run: %s\n' "$*" >&2; exit 1; }

# step NAME TITLE COMMAND…: runs it with its output in a log; a dot every few seconds tells it is alive.
step() {
  local name=$1 title=$2 log=$logs/$1.log began=$SECONDS rc=0
  shift 2
  printf '%-52s ' "$title"
  "$@" >"$log" 2>&1 </dev/null &
  local job=$!
  while kill -0 "$job" 2>/dev/null; do
    for _ in 1 2 3 4 5 6 7 8 9 10; do kill -0 "$job" 2>/dev/null || break; sleep 0.5; done
    if kill -0 "$job" 2>/dev/null; then printf '.'; fi
  done
  wait "$job" || rc=$?
  if [ "$rc" -eq 0 ]; then
    printf ' done (%d s)\n' $((SECONDS - began))
  else
    printf ' FAILED after %d s (exit %d)\n' $((SECONDS - began)) "$rc"
    tail -n 40 "$log" | sed 's/^/    | /' >&2
    die "$title failed; the whole log: $log"
  fi
}

# --- packages ---------------------------------------------------------------------------------------------
packages_build='build-essential cmake ninja-build ccache mold pkg-config protobuf-compiler protobuf-compiler-grpc
  libprotobuf-dev libgrpc++-dev libpq-dev libssl-dev nlohmann-json3-dev prometheus-cpp-dev catch2 libboost-dev
  libyaml-cpp-dev libfmt-dev libcli11-dev libavahi-core-dev libavahi-common-dev'
packages_lab='iproute2 procps postgresql-15 curl openssl strongswan-pki
  libstrongswan-standard-plugins python3 python3-zeroconf
  freeradius freeradius-postgresql freeradius-utils hostapd wpasupplicant eapoltest openvswitch-switch ethtool'
packages_fuzz='clang-19 libclang-rt-19-dev'

apt_install() {
  export DEBIAN_FRONTEND=noninteractive
  # Packages must not start services of their own: a policy of ours for as long as it takes, if there is none.
  local policy=/usr/sbin/policy-rc.d ours=''
  if [ ! -e "$policy" ]; then
    printf '#!/bin/sh\nexit 101\n' >"$policy" && chmod 755 "$policy" && ours=1
  fi
  local rc=0
  { apt-get -q update && apt-get -y -q --no-install-recommends -o DPkg::Lock::Timeout=300 install "$@"; } || rc=$?
  [ -z "$ours" ] || rm -f "$policy"
  return "$rc"
}

# install_packages GROUP…: installs what is missing of packages_GROUP.
install_packages() {
  local missing=() group package
  for group in "$@"; do
    local list=packages_$group
    for package in ${!list}; do
      [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing+=("$package")
    done
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  [ "$(id -u)" -eq 0 ] || die "these packages are missing; install them as root: apt-get install ${missing[*]}"
  step packages "packages (${#missing[@]} to install)" apt_install "${missing[@]}"
}

# --- build ------------------------------------------------------------------------------------------------
compiler_cache() {
  export CCACHE_BASEDIR=$top CCACHE_NOHASHDIR=1
  export CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
}

# build_all PRESET [TARGET…]
build_all() {
  local preset=$1
  shift
  compiler_cache
  step "configure-$preset" "configure ($preset)" cmake --preset "$preset"
  step "build-$preset" "build ($preset, $(nproc) cores)" ninja -C "$top/build/$preset" "$@"
}

# --- tests ------------------------------------------------------------------------------------------------
stop_test_database() { "$top/tools/run/postgres.sh" stop "$state/test-pg" >/dev/null 2>&1 || true; }

start_test_database() {
  # Third-party test data lies outside the project; tests that need it say so where it is absent.
  if [ -z "${PRATIQUE_VECTORS:-}" ] && [ -d "$top/../shared/vectors" ]; then
    PRATIQUE_VECTORS=$(cd "$top/../shared/vectors" && pwd)
  fi
  [ -z "${PRATIQUE_VECTORS:-}" ] || export PRATIQUE_VECTORS
  if [ -x "$top/tools/run/postgres.sh" ]; then
    PRATIQUE_PG_FAST=1 "$top/tools/run/postgres.sh" start "$state/test-pg" >"$logs/test-pg.log" 2>&1 ||
      { cat "$logs/test-pg.log" >&2; die "the private PostgreSQL for the tests did not start"; }
    PRATIQUE_TEST_PG=$("$top/tools/run/postgres.sh" conninfo "$state/test-pg")
    export PRATIQUE_TEST_PG
  fi
}

# run_tests PRESET: every test there is; ends with one line "N passed, N failed".
run_tests() {
  local preset=$1 log=$logs/test-$1.log rc=0
  trap stop_test_database EXIT
  start_test_database
  echo "tests ($preset)"
  ctest --test-dir "$top/build/$preset" -j "$(nproc)" --timeout 900 --verbose >"$log" 2>&1 </dev/null || rc=$?
  grep -E '^ *[0-9]+/[0-9]+ Test ' "$log" | sed 's/^ */  /' || true
  if [ "$rc" -ne 0 ]; then
    # What failed, with its words; the log has the rest.
    grep -E 'FAILED|_test\.cpp:[0-9]+|fatal|Sanitizer|due to' "$log" | head -n 60 | sed 's/^/    | /'
    tail -n 15 "$log" | sed 's/^/    | /'
    echo "  the whole log: $log"
  fi
  awk 'match($0, /third-party items judged as expected: [0-9]+ of [0-9]+/) { split(substr($0, RSTART), w, /[ :]+/); good += w[6]; all += w[8] }
    END { if (all) printf "  third-party data judged as expected: %d of %d items\n", good, all }' "$log"
  grep -iE ': (warning: )?skipped:|  skipped: ' "$log" | sed -E 's/^ *[0-9]+: */  /' | sort -u || true
  awk '
    /All tests passed \(/ { for (i = 1; i <= NF; ++i) if ($i == "in") passed += $(i + 1) }
    /test cases: +[0-9]+ \|/ { line = $0; if (match(line, /[0-9]+ passed/)) passed += substr(line, RSTART); if (match(line, /[0-9]+ failed/)) failed += substr(line, RSTART) }
    END { printf "%d passed, %d failed\n", passed, failed }' "$log"
  return "$rc"
}
