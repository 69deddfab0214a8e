"""`python -m echosphere_bot` is `echosphere-bot`."""

import sys

from echosphere_bot.cli import main

sys.exit(main())
