"""`python -m sparsevae`: see explorer/command_line.py."""

import sys

from sparsevae.explorer.command_line import main

sys.exit(main())
