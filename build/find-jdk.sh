# find_java prints the java binary of a JDK >= 21: JAVA_HOME, the PATH, then the usual folders. Sourced by the launchers.

major() { # prints the major version of the JDK whose java binary is $1, or 0
  local release version
  release="$(dirname "$(dirname "$(readlink -f "$1")")")/release"
  if [[ -f $release ]]; then
    version=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$release")
  else
    version=$("$1" -XshowSettings:properties -version 2>&1 | sed -n 's/^ *java.specification.version = \([0-9]*\).*/\1/p')
  fi
  echo "${version:-0}"
}

find_java() {
  local candidate
  for candidate in \
    "${JAVA_HOME:+$JAVA_HOME/bin/java}" \
    "$(command -v java || true)" \
    /usr/lib/jvm/*/bin/java \
    /usr/java/*/bin/java \
    /opt/*/bin/java \
    "${HOME:-}"/.jdks/*/bin/java \
    "${HOME:-}"/.sdkman/candidates/java/*/bin/java \
    /Library/Java/JavaVirtualMachines/*/Contents/Home/bin/java; do
    if [[ -x $candidate && -x ${candidate%java}javac && $(major "$candidate") -ge 21 ]]; then
      echo "$candidate"
      return
    fi
  done
  echo "no JDK >= 21 found in JAVA_HOME, on the PATH or in the usual folders; install one or set JAVA_HOME" >&2
  return 1
}
