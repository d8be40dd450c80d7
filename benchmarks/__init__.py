"""Speed of the companion package, as ratios against a peer measured in the same run."""
