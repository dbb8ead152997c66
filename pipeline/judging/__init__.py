"""From what was read to what counts: tables named, cells typed, rows judged, the registry checked."""
