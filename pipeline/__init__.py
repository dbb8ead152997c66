"""From a city's spreadsheets to a published warehouse of personnel records."""
