"""The tests: unit and contract start nothing; integration and e2e use real Kafka, PostgreSQL and SMTP.

What runs in the process of the tests is pure Python, so that they may put another function in the place of one;
services and commands that they start run compiled where there is a build.
"""

import sys

from services.compiled import Finder

sys.meta_path[:] = [finder for finder in sys.meta_path if not isinstance(finder, Finder)]
