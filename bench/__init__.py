"""Speed and scale, measured in one run on one machine and reported as ratios; never asserted in tests."""
