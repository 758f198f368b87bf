"""Issue files become issues: front matter validated, Markdown read into blocks."""

from newsletter.content.heads import list_heads
from newsletter.content.issuefiles import find_issues, variants_of
from newsletter.content.issues import read_issue
from newsletter.content.names_in_use import names_in_use

__all__ = ["find_issues", "list_heads", "names_in_use", "read_issue", "variants_of"]
