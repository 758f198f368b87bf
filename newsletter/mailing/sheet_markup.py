"""The markup of a mail to one person, as mail programs draw it alike."""

from string import Template

PAGE = Template("""\
<!doctype html>
<html lang="$language">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>$heading</title>
</head>
<body style="margin:0;padding:0">
<div role="article" lang="$language" style="max-width:560px;margin:0 auto;padding:24px 16px;\
font:16px/1.5 Arial,Helvetica,sans-serif">
<p style="margin:0 0 16px;padding:0 0 12px;border-bottom:3px solid $button;font-size:14px;\
font-weight:bold">$title</p>
<h1 style="margin:0 0 16px;font-size:22px;line-height:1.3;overflow-wrap:anywhere">$heading</h1>
$paragraphs$facts$body$act$code$rest
<p style="margin:32px 0 0;padding:12px 0 0;border-top:1px solid #808080;font-size:13px">$closing</p>
</div>
</body>
</html>
""")
CODE = Template(
    '<p style="margin:0 0 24px"><img src="$url.png" width="180" height="180" alt="$words" '
    'style="display:block;width:180px;height:180px;margin:0 0 8px;background-color:#ffffff">'
    '<a href="$url" style="color:$colour">$words</a></p>\n'
)
PARAGRAPH = Template('<p style="margin:0 0 16px;overflow-wrap:anywhere">$words</p>\n')
FACTS = Template(
    '<div style="margin:0 0 24px;padding:4px 0 1px 14px;border-left:4px solid $colour">\n$rows'
    "</div>\n"
)
FACT = Template(
    '<p style="margin:0 0 8px;overflow-wrap:anywhere"><span style="font-size:14px">$label</span>'
    "<br><strong>$words</strong></p>\n"
)
LINK = Template(
    '<p style="margin:0 0 16px;font-size:14px">$words<br><a href="$url" style="color:$colour;'
    'overflow-wrap:anywhere">$name</a></p>\n'
)
# A table cell, as Word draws no padding around a link.
ACT = Template("""\
<table role="presentation" cellpadding="0" cellspacing="0" border="0" style="margin:8px 0 24px">
<tr><td style="background-color:$button;border-radius:6px">\
<a href="$url" style="display:inline-block;padding:14px 24px;font:bold 17px/1.3 \
Arial,Helvetica,sans-serif;color:$on_button;text-decoration:none;border-radius:6px;\
background-color:$button">$name</a></td></tr>
</table>
""")
