"""What arrived, kept for ever: entries found, the archive, its keys and backups, who looked somebody up."""
