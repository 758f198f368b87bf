// Works out the proof of work of ALTCHA's second protocol; without it the slower button is there.
"use strict";
(async () => {
  const field = document.querySelector("[data-challenge]");
  const note = document.getElementById("working");
  const quick = document.getElementById("quick");
  if (!field || !window.crypto || !window.crypto.subtle) return;
  note.hidden = quick.hidden = false;
  const challenge = JSON.parse(field.dataset.challenge);
  const asked = challenge.parameters;
  const bytesOf = (hex) => Uint8Array.from(hex.match(/../g), (pair) => parseInt(pair, 16));
  const hexOf = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  const nonce = bytesOf(asked.nonce);
  const salt = bytesOf(asked.salt);
  const password = new Uint8Array(nonce.length + 4);
  password.set(nonce);
  const last = new DataView(password.buffer);
  for (let counter = 0; counter <= 0xffffffff; counter += 1) {
    last.setUint32(nonce.length, counter);
    const key = await crypto.subtle.importKey("raw", password, "PBKDF2", false, ["deriveBits"]);
    const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations: asked.cost };
    const derived = hexOf(new Uint8Array(await crypto.subtle.deriveBits(how, key, asked.keyLength * 8)));
    if (derived.startsWith(asked.keyPrefix)) {
      field.value = btoa(JSON.stringify({ challenge, solution: { counter, derivedKey: derived } }));
      break;
    }
  }
  note.querySelector("[data-say=working]").hidden = true;
  note.querySelector("[data-say=ready]").hidden = false;
  quick.querySelector("button").disabled = false;
})();
