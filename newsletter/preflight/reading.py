"""The rules that reading an issue keeps watch over; what breaks them is found before any check."""

from newsletter.preflight.report import Rule

RULES = (
    Rule(id="encoding", summary="The file is UTF-8 text", source="RFC 3629"),
    Rule(id="front-matter", summary="The front matter has what is needed, and nothing unknown"),
    Rule(id="comment-unclosed", summary="Each comment ends", source="CommonMark 0.31, section 4.6"),
    Rule(id="footnote-unused", summary="Each footnote is referred to"),
    Rule(id="abbreviation-unused", summary="Each abbreviation that is explained is used"),
    Rule(id="event-unshown", summary="Each event of the front matter is shown"),
    Rule(id="directive-unknown", summary="Each directive is one there is"),
    Rule(id="directive-unclosed", summary="Each directive ends"),
    Rule(id="directive-stray", summary="Each line of colons closes a directive"),
    Rule(id="directive-place", summary="Directives stand at the left margin"),
    Rule(id="directive-nesting", summary="Directives stand where the page can show them"),
    Rule(id="directive-button", summary="A button has an address and words"),
    Rule(id="directive-image", summary="An image has a file and words"),
    Rule(id="directive-only", summary="A condition is of the form key=value"),
    Rule(id="directive-columns", summary="Columns have two to four parts"),
    Rule(id="directive-event", summary="An event is one of the front matter, with its facts"),
    Rule(id="directive-figure", summary="A figure has a file, words for it and a caption"),
    Rule(id="directive-gallery", summary="A gallery has two to six pictures, and nothing else"),
    Rule(id="directive-person", summary="A person has a name, and lines of text alone"),
    Rule(id="directive-poll", summary="No poll is asked for: there are none yet"),
    Rule(id="directive-pull", summary="A pulled sentence is one paragraph"),
    Rule(id="html-removed", summary="No HTML is used that mail programs drop"),
    Rule(id="template-missing", summary="The template that the issue names is there"),
    Rule(id="style-import", summary="Styles of templates fetch nothing from elsewhere"),
    Rule(id="style-syntax", summary="Styles of templates can be read to their end"),
    Rule(id="image-missing", summary="Each picture lies where the issue says"),
    Rule(id="image-format", summary="Each picture can be read as one"),
)
