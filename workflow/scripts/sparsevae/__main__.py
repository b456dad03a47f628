"""`python -m sparsevae`: see interface/command_line.py."""

import sys

from sparsevae.interface.command_line import main

sys.exit(main())
