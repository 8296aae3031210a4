"""Redraw the picture of two people with the same injury and other kinetics: `docs/images/own-kinetics.svg`.

Run it with `python verification/own_kinetics.py --write` whenever rates of the tissue have changed; without `--write`
it prints what the picture says.
"""

import argparse
import sys
from pathlib import Path

from cordwise.experiment import run_experiment
from cordwise.present.experiment.own_kinetics import own_kinetics_finding
from cordwise.present.pictures import own_kinetics_picture_svg

ROOT = Path(__file__).parents[1]
PICTURE = ROOT / "docs" / "images" / "own-kinetics.svg"
SEED = 1


def main() -> int:
    """Run the experiment, print the finding, and write the picture where asked to."""
    parser = argparse.ArgumentParser(description="Redraw the picture of own kinetics.")
    parser.add_argument("--write", action="store_true")
    result = run_experiment(ROOT / "experiments" / "own_kinetics.toml", seed=SEED)
    print(own_kinetics_finding(result))
    if parser.parse_args().write:
        PICTURE.write_text(own_kinetics_picture_svg(result), encoding="utf-8")
        print(f"written: {PICTURE.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
