"""The program `sos`."""

import signal
import sys

from . import _core


def main() -> None:
    """Runs `sos` on the command line of this process."""
    # The program listens to SIGINT itself; Python would only note it.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    sys.exit(_core.main(["sos", *sys.argv[1:]]))


if __name__ == "__main__":
    main()
