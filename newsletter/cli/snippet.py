"""The form for signing up as it stands on other web sites."""

from string import Template

# Plain HTML that leads to our page: no script, no cookie, nothing to be allowed across origins.
SNIPPET = Template("""\
<form method="post" action="$action" accept-charset="utf-8">
  <input type="hidden" name="source" value="embedded">
  <input type="hidden" name="stamp" value="$stamp">
  <p>
    <label for="newsletter-email">$email</label><br>
    <input id="newsletter-email" name="email" type="email" autocomplete="email" required>
  </p>
  <div style="position:absolute;left:-9999px" aria-hidden="true">
    <label for="newsletter-$trap">$empty</label>
    <input id="newsletter-$trap" name="$trap" type="text" autocomplete="off" tabindex="-1">
  </div>
  <p>$agreed$privacy</p>
  <p><button type="submit">$button</button></p>
</form>
""")
