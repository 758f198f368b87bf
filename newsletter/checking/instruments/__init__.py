"""The instruments of the checks: pages, styles, passages, dates, links and tables of words."""
