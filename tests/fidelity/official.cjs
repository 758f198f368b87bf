// Reads a JSON list of MJML sources from standard input; writes what the official MJML makes of
// each. The fonts are left out as in our own rendering: mail must not fetch any.
const mjml2html = require(require.resolve("mjml", { paths: [process.argv[2]] }));

async function main() {
  let input = "";
  for await (const chunk of process.stdin) input += chunk;
  const pages = [];
  for (const source of JSON.parse(input)) {
    const { html, errors } = await mjml2html(source, { fonts: {}, validationLevel: "soft" });
    pages.push({ html, errors: (errors || []).map((error) => error.formattedMessage) });
  }
  process.stdout.write(JSON.stringify(pages));
}

main();
