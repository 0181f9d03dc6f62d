"""Forms about people, one file per noun. Labels and sentences are gnuboard5's where it has them."""
