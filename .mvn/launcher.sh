# What the project's launchers share; they source this file. Finds a JDK, and builds a module where it is missing or
# older than its sources.
# Expects: name (in messages), root (the project's folder), module (the one to run), modules (all that it is made of),
# libraries (what of the module's target folder must exist beside its jar).
# Sets: java_home, java_version, quiet_unsafe (options for newer JDKs), jar.

least=21

fail() {
  echo "$name: $1" >&2
  exit "${2:-2}"
}

# The major version of the JDK in a folder, or 0.
version() {
  [ -x "$1/bin/javac" ] || { echo 0; return; }
  local text
  text=$(sed -n 's/^JAVA_VERSION="\(.*\)"$/\1/p' "$1/release" 2>/dev/null || true)
  [ -n "$text" ] || text=$("$1/bin/javac" -version 2>&1 | sed 's/^javac //')
  text=${text#1.}
  text=${text%%[!0-9]*}
  echo "${text:-0}"
}

# Where the java command on the PATH lives.
home_on_path() {
  local java
  java=$(command -v javac || true)
  [ -n "$java" ] || return 0
  java=$(readlink -f "$java" 2>/dev/null || echo "$java")
  dirname "$(dirname "$java")"
}

# Sets java_home and java_version: JAVA_HOME's, the PATH's, or the newest of the usual folders.
find_jdk() {
  local home number user=${HOME:-}
  java_home= java_version=0
  for home in "${JAVA_HOME:-}" "$(home_on_path)"; do
    [ -n "$home" ] || continue
    number=$(version "$home")
    if [ "$number" -ge $least ]; then
      java_home=$home java_version=$number
      return
    fi
  done
  for home in /usr/lib/jvm/* /usr/java/* /opt/*jdk* /opt/java/* \
    "${SDKMAN_DIR:-$user/.sdkman}"/candidates/java/* "$user"/.jdks/* "$user"/.asdf/installs/java/* \
    "$user"/.local/share/mise/installs/java/* /Library/Java/JavaVirtualMachines/*/Contents/Home \
    /opt/homebrew/opt/openjdk*; do
    number=$(version "$home")
    if [ "$number" -ge $least ] && [ "$number" -gt "$java_version" ]; then
      java_home=$home java_version=$number
    fi
  done
  [ -n "$java_home" ] || fail "needs a JDK $least or newer and found none: install one, or set JAVA_HOME to its folder"
}

newest_jar() {
  ls -t "$root/$module/target/$module"-*.jar 2>/dev/null | grep -v -e '-tests\.jar$' -e '-sources\.jar$' | head -n 1 || true
}

# Prints a checksum of the sources and of what was built of them, by their contents and paths.
fingerprint() {
  (
    cd "$root"
    find "${sources[@]}" "${jar#"$root/"}" "$module/target/lib" -type f \
      ! -path '*/target/lib/*' -o -type f -path '*/target/lib/vitrail-*' 2>/dev/null |
      LC_ALL=C sort | tr '\n' '\0' | xargs -0 cksum | cksum
  )
}

# Whether the jar is missing or older than its sources. Copying the project changes times: where sources are newer, but
# they and the jar are those of the last start, nothing is built.
is_stale() {
  [ -z "$jar" ] || [ ! -e "$root/$module/target/$libraries" ] && return 0
  local sources=(pom.xml) part record="$root/$module/target/launcher.cksum"
  for part in "${modules[@]}"; do
    sources+=("$part/pom.xml" "$part/src/main")
  done
  if [ -z "$(cd "$root" && find "${sources[@]}" -newer "$jar" -print -quit)" ]; then
    [ "$record" -nt "$jar" ] || fingerprint 2>/dev/null >"$record" || true
    return 1
  fi
  [ ! -s "$record" ] || [ "$(fingerprint)" != "$(cat "$record")" ] && return 0
  touch "$jar" "$record" 2>/dev/null || true
  return 1
}

# Turns Maven's output into a line a module; errors pass. Maven begins and ends with a reset of colours, also without any.
progress() {
  local line downloads=
  while IFS= read -r line; do
    line=${line//$'\e['[0-9]m/}
    case $line in
      '[INFO] Building '*'['*/*']')
        line=${line#'[INFO] Building '}
        echo "$name: building ${line%% [0-9]*} (${line##*'['}" | sed 's|/\([0-9]*\)\]$| of \1)|'
        ;;
      Download*from*)
        [ -n "$downloads" ] || echo "$name: downloading the libraries that the build needs ..."
        downloads=1
        ;;
      '[INFO]'* | '[WARNING]'* | 'WARNING: '* | Download* | Progress* | '') ;;
      *) printf '%s\n' "$line" ;;
    esac
  done
}

build() {
  command -v mvn >/dev/null || fail "is not built yet and Maven is not installed: install Maven 3.8.7 or newer"
  echo "$name: building with Maven (once; this takes a minute or two) ..." >&2
  (cd "$root" && JAVA_HOME=$java_home MAVEN_OPTS="${MAVEN_OPTS:-} ${quiet_unsafe[*]-}" \
    mvn -B -Dstyle.color=never -DskipTests -pl "$module" -am package 2>&1) | progress >&2 ||
    fail "could not be built: Maven says why above" 1
  jar=$(newest_jar)
}

# A locale whose letters are all of Unicode: with another, Java cannot open a file whose name has an accent, and writes
# a question mark for each. A locale that is not installed counts as none.
unicode_locale() {
  local chosen=${LC_ALL:-${LC_CTYPE:-${LANG:-}}}
  case $chosen in
    '' | C | POSIX) ;;
    *[Uu][Tt][Ff]8 | *[Uu][Tt][Ff]-8)
      case $(locale charmap 2>/dev/null || true) in ANSI* | US-ASCII) ;; *) return ;; esac
      ;;
    *) return ;;
  esac
  [ -z "${LC_ALL:-}" ] || export LC_ALL=C.UTF-8
  export LC_CTYPE=C.UTF-8
}

# Everything: afterwards the module's jar is there and a JDK to run it.
prepare() {
  find_jdk
  # Protobuf, and Maven itself, read memory in a way that newer JDKs warn of.
  quiet_unsafe=()
  [ "$java_version" -lt 23 ] || quiet_unsafe=(--sun-misc-unsafe-memory-access=allow)
  jar=$(newest_jar)
  if is_stale; then
    build
  fi
  unicode_locale
  # ONNX Runtime reports to its makers unless this is set before it starts.
  export ORT_DISABLE_TELEMETRY=1
}
