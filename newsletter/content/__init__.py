"""Issue files become issues: front matter validated, Markdown read into blocks."""

from newsletter.content.issues import find_issues, read_issue, variants_of

__all__ = ["find_issues", "read_issue", "variants_of"]
