"""`make bench [ARGS="NAME …"]`: measure every figure, or those that are named, and print them."""

import importlib
import sys

FIGURES = (
    "initial_rate",
    "within_limits",
    "idle_cycle",
    "large_group",
    "memory",
    "latency",
    "mapping_rate",
    "provider_rate",
)


def main():
    names = sys.argv[1:] or FIGURES
    for name in names:
        if name not in FIGURES:
            sys.exit(f"There is no figure {name!r}; figures: {', '.join(FIGURES)}.")
        module = importlib.import_module(f"benchmarks.{name}")
        print(f"\n{name}: {module.__doc__.splitlines()[0]}", flush=True)
        for label, figure in module.measure().items():
            print(f"  {label:<40} {figure}", flush=True)


if __name__ == "__main__":
    main()
