"""`python -m echosphere` is the command `echosphere`."""

import sys

from echosphere.cli import main

sys.exit(main())
