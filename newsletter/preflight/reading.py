"""The rules that reading an issue keeps watch over; what breaks them is found before any check."""

from newsletter.preflight.report import Rule

RULES = (
    Rule(id="encoding", summary="The file is UTF-8 text", source="RFC 3629"),
    Rule(id="front-matter", summary="The front matter has what is needed, and nothing unknown"),
    Rule(id="comment-unclosed", summary="Each comment ends", source="CommonMark 0.31, section 4.6"),
    Rule(id="footnote-unused", summary="Each footnote is referred to"),
    Rule(id="directive-unknown", summary="Each directive is one there is"),
    Rule(id="directive-unclosed", summary="Each directive ends"),
    Rule(id="directive-stray", summary="Each line of colons closes a directive"),
    Rule(id="directive-place", summary="Directives stand at the left margin"),
    Rule(id="directive-nesting", summary="Directives stand where the page can show them"),
    Rule(id="directive-button", summary="A button has an address and words"),
    Rule(id="directive-image", summary="An image has a file and words"),
    Rule(id="directive-only", summary="A condition is of the form key=value"),
    Rule(id="directive-columns", summary="Columns have two to four parts"),
    Rule(id="html-removed", summary="No HTML is used that mail programs drop"),
    Rule(id="image-missing", summary="Each picture lies where the issue says"),
    Rule(id="image-format", summary="Each picture can be read as one"),
)
