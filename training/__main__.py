"""python3 -m training STAGE --run FOLDER ...: see README.md."""
import sys

from .command import main

sys.exit(main(sys.argv[1:]))
