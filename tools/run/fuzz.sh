# ./run fuzz SECONDS [TARGET…]: each fuzz target (tests/fuzz) for so many seconds, as many at once as there are cores.
# It starts from the seeds in tests/fuzz/corpus and from what earlier runs found; new inputs go to
# .pratique/fuzz/TARGET, whatever broke a target to .pratique/fuzz/broken. A crash fails the run and names its file.
seconds=${1:-}
[[ $seconds =~ ^[1-9][0-9]*$ ]] || die "fuzz wants a number of seconds for each target: ./run fuzz 60"
shift
fuzz_targets=("$@")
if [ ${#fuzz_targets[@]} -eq 0 ]; then
  mapfile -t fuzz_targets < <(sed -n 's/^  TARGET(\([a-z0-9_]*\)).*/\1/p' tests/fuzz/targets.h)
fi
for target in "${fuzz_targets[@]}"; do
  [ -r "tests/fuzz/fuzz_$target.cpp" ] || die "there is no fuzz target '$target' (see tests/fuzz/targets.h)"
done

install_packages build fuzz
build_all fuzz "${fuzz_targets[@]/#/fuzz_}"

found=$state/fuzz
broken=$found/broken
mkdir -p "$broken"

# fuzz_one TARGET: one line on what happened; fails where the target broke.
fuzz_one() {
  local target=$1 log=$logs/fuzz-$1.log rc=0
  local options=(-max_total_time="$seconds" -max_len=8192 -timeout=20 -rss_limit_mb=2048 -print_final_stats=1
    -artifact_prefix="$broken/$target-")
  [ ! -r "tests/fuzz/dictionaries/$target.dict" ] || options+=(-dict="tests/fuzz/dictionaries/$target.dict")
  mkdir -p "$found/$target"
  ASAN_OPTIONS=detect_leaks=1:allocator_may_return_null=1 UBSAN_OPTIONS=print_stacktrace=1 \
    "$top/build/fuzz/bin/fuzz_$target" "${options[@]}" "$found/$target" "tests/fuzz/corpus/$target" \
    >"$log" 2>&1 </dev/null || rc=$?
  local rate new coverage file
  rate=$(sed -n 's/^stat::average_exec_per_sec: *//p' "$log")
  new=$(sed -n 's/^stat::new_units_added: *//p' "$log")
  coverage=$(grep -oE 'cov: [0-9]+ ft: [0-9]+' "$log" | tail -1)
  file=$(sed -n 's/.*Test unit written to //p' "$log" | tail -1)
  printf '  %-20s %7s executions/s  %-22s %5s new inputs  %s\n' "$target" "${rate:-?}" "${coverage:-no coverage}" \
    "${new:-?}" "$([ "$rc" -eq 0 ] && echo 'no crash' || echo "CRASHED: ${file:-see $log}")"
  [ "$rc" -eq 0 ] || grep -E -m 3 'broken promise|SUMMARY:|runtime error' "$log" | sed 's/^/    | /' || true
  return "$rc"
}

echo "fuzzing ${#fuzz_targets[@]} targets, $seconds s each, $(nproc) at once"
crashed=0
running=0
for target in "${fuzz_targets[@]}"; do
  if [ "$running" -ge "$(nproc)" ]; then
    wait -n || crashed=$((crashed + 1))
    running=$((running - 1))
  fi
  fuzz_one "$target" &
  running=$((running + 1))
done
for (( ; running > 0; --running)); do wait -n || crashed=$((crashed + 1)); done
echo "$((${#fuzz_targets[@]} - crashed)) held, $crashed crashed"
[ "$crashed" -eq 0 ] ||
  die "inputs that broke something are in $broken; run one again: build/fuzz/bin/fuzz_TARGET FILE; logs: $logs"
