"""What checks look with: pages, styles, passages, dates, links and tables of words."""
