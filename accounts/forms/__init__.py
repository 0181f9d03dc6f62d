"""What people fill in about themselves, one file a noun. Labels and sentences are gnuboard5's where
it has them."""
