"""``python -m services.compiled``: compile what is not, and say in a line what the services will run."""

import sys

from services import compiled
from services.compiled.building import CannotCompileError, build

if __name__ == "__main__":
    try:
        build(compiled.folder())
    except CannotCompileError as error:
        sys.stderr.write(f"the services run as pure Python: {error}\n")
    else:
        sys.stderr.write("the services run compiled\n")
