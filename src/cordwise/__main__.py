"""`python -m cordwise` is the `cordwise` command."""

import sys

from cordwise.cli import main

sys.exit(main())
