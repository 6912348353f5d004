"""Looks for new examples of what the property tests claim: `python -m tests.soak.properties [pytest's options]`.

The suite tries the same examples in every run, so that no run fails by luck. This tries fifty times as many, other ones
each time. What it finds fails again in the next run, since Hypothesis keeps it in `.hypothesis`; mend it, and give the
suite a test that says so.
"""

import sys

import pytest

if __name__ == '__main__':
    sys.exit(pytest.main(['-m', 'hypothesis', '--hypothesis-profile=soak', '--no-header', *sys.argv[1:]]))
