"""Look for what is not safe in our code (bandit), and ask PyPI for known vulnerabilities of all packages in
constraints.txt (pip-audit). End with 1 where there is something.

Where PyPI's JSON API cannot be reached nothing is known of the packages: that is said, and is no failure."""

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent
SECONDS = 25


def check_code() -> bool:
    """Print the findings of medium and high severity; return whether there are none. Low ones are ruff's rules S."""
    command = [sys.executable, "-m", "bandit", "--quiet", "--configfile=bandit.yaml", "--severity-level=medium"]
    process = subprocess.run([*command, "--recursive", "."], cwd=FOLDER, stderr=subprocess.PIPE, text=True, check=False)
    if process.returncode:  # else it warns only of the parts of expressions that are marked as a whole
        print(process.stderr, file=sys.stderr)
    return process.returncode == 0


def ask_for_vulnerabilities(requirements: Path) -> list[dict[str, object]]:
    """Return what pip-audit says of each package: `name` and `version` with `vulns`, or `name` with `skip_reason`.

    Raise OSError or ValueError where it says nothing, and TimeoutExpired after SECONDS."""
    command = [sys.executable, "-m", "pip_audit", "--format=json", "--disable-pip", "--no-deps", "--requirement"]
    process = subprocess.run([*command, requirements], capture_output=True, text=True, timeout=SECONDS, check=False)
    found: list[dict[str, object]] = json.loads(process.stdout)["dependencies"]
    return found


def check_packages() -> bool:
    """Print the packages with known vulnerabilities; return whether there are none."""
    try:
        packages = ask_for_vulnerabilities(FOLDER / "constraints.txt")
    except (OSError, ValueError, subprocess.TimeoutExpired) as error:
        print(f"WARNING: no package was audited: {error}", file=sys.stderr)
        return True
    skipped = Counter("skip_reason" in package for package in packages)[True]
    if skipped:
        print(f"WARNING: PyPI says nothing of {skipped} of {len(packages)} packages.", file=sys.stderr)
    vulnerable = [package for package in packages if package.get("vulns")]
    for package in vulnerable:
        print(json.dumps(package, indent=2))
    print(f"{len(packages) - skipped} packages audited, {len(vulnerable)} with known vulnerabilities.")
    return not vulnerable


if __name__ == "__main__":
    results = [check_code(), check_packages()]
    sys.exit(0 if all(results) else 1)
