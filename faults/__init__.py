"""What the service does when something around it fails: `python -m faults.run`, or `make faults`."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

# Scripts are no package; what one of them can do with PostgreSQL is needed here too.
sys.path.append(str(ROOT / "scripts"))
