"""What every unit gets back after a load: a page that sums up, its own files marked, a folder of its own for each period."""
