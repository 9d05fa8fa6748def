# ./run sanitize [LAYER…]: the unit tests under the address and undefined-behaviour sanitizers; "fuzz" stands for the
# seeds of tests/fuzz. Without layers: all that read what strangers send. Those that stand on gRPC (rpc, and what stands
# on it) take long to build and are left to whoever names them.
layers=("$@")
[ ${#layers[@]} -gt 0 ] || layers=(base codec crypto protocol net pg fuzz)

mapfile -t programs < <(printf 'tests/test_%s\n' "${layers[@]}" | sed 's:^tests/test_fuzz$:tests/fuzz/t_tests_fuzz:')

install_packages build lab
build_all sanitize "${programs[@]}"

trap stop_test_database EXIT
start_test_database
# A leak that a library is known for is suppressed beside the code that uses it (tests/support/postgres).
export ASAN_OPTIONS=detect_leaks=1:strict_string_checks=1:detect_stack_use_after_return=1
export UBSAN_OPTIONS=print_stacktrace=1
echo "tests (sanitize)"
failed=0
for i in "${!layers[@]}"; do
  layer=${layers[$i]}
  began=$SECONDS log=$logs/sanitize-$layer.log rc=0
  "build/sanitize/${programs[$i]}" >"$log" 2>&1 </dev/null || rc=$?
  outcome=$(grep -E '^All tests passed|^assertions:' "$log" | tail -1) || outcome="ended without a result"
  printf '  %-10s %4d s  %s\n' "$layer" $((SECONDS - began)) "$outcome"
  [ "$rc" -eq 0 ] && continue
  failed=$((failed + 1))
  grep -E 'FAILED|_test\.cpp:[0-9]+|Sanitizer|runtime error|^    #[0-9]' "$log" | head -n 40 | sed 's/^/    | /'
  echo "    the whole log: $log"
done
[ "$failed" -eq 0 ] || die "$failed of ${#layers[@]} layers failed under the sanitizers"
echo "no finding in ${#layers[@]} layers"
